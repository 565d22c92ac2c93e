namespace Swim.Cli;

/// <summary>All that a command sees of the world it was started in; tests hand in their own.</summary>
/// <param name="In">Standard input, as bytes.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Everything said to people beside the result.</param>
/// <param name="Environment">The value of an environment variable; null when it is not set.</param>
public sealed record Terminal(Func<Stream> In, TextWriter Out, TextWriter Error, Func<string, string?> Environment)
{
    /// <summary>Where <see cref="Out"/> is a terminal, what it can do; null for a file or a pipe.</summary>
    public Screen? OutScreen { get; init; }

    /// <summary>Where <see cref="Error"/> is a terminal, what it can do; null for a file or a pipe.</summary>
    public Screen? ErrorScreen { get; init; }

    /// <summary>Tells the time and makes the timers of what is drawn.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
