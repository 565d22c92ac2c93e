using System.Globalization;

namespace Swim.Cli.Output;

/// <summary>How long something took, for people.</summary>
public static class Elapsed
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    /// <summary><c>12 ms</c>, <c>4.2 s</c>, <c>3m 05s</c> or <c>26h 07m</c>; less than nothing, which clocks that differ can tell, is nothing.</summary>
    public static string Text(long milliseconds) => Math.Max(0, milliseconds) switch
    {
        < Second and var ms => Invariant($"{ms} ms"),
        < Minute and var ms => Invariant($"{ms / 1_000}.{ms % 1_000 / 100} s"),
        < Hour and var ms => Invariant($"{ms / Minute}m {ms % Minute / Second:00}s"),
        var ms => Invariant($"{ms / Hour}h {ms % Hour / Minute:00}m"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
