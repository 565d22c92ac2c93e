namespace Swim.Cli;

/// <summary>The command line, or a file it names, is wrong; the message says how to correct it.</summary>
public sealed class BadInputException(string message) : Exception(message);
