namespace Swim.Cli;

/// <summary>All that a command sees of the world it was started in; tests hand in their own.</summary>
/// <param name="In">Standard input, as bytes.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Everything said to people beside the result.</param>
/// <param name="Environment">The value of an environment variable; null when it is not set.</param>
public sealed record Terminal(Func<Stream> In, TextWriter Out, TextWriter Error, Func<string, string?> Environment);
