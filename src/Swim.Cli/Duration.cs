using System.Globalization;

namespace Swim.Cli;

/// <summary>Reads a time span as people write it.</summary>
public static class Duration
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Reads <c>500ms</c>, <c>30s</c>, <c>1.5m</c>, <c>2h</c>, or seconds without a unit; false unless it is more than zero and at most 7 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var (unit, milliseconds) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        if (unit is null) (unit, milliseconds) = ("", 1_000);
        if (!double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number * milliseconds > Longest.TotalMilliseconds) return false;
        duration = TimeSpan.FromMilliseconds(number * milliseconds);
        return duration > TimeSpan.Zero;
    }
}
