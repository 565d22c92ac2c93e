using System.Globalization;

namespace Swim.Core.Workflows;

/// <summary>A length of time as documents and settings write it: a whole number and one of s, m, h, d.</summary>
public static class DurationText
{
    private const int DigitsMax = 9;
    private static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    /// <summary>Reads <c>90s</c>, <c>15m</c>, <c>12h</c> or <c>7d</c>; false on anything else.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 2 or > DigitsMax + 1) return false;
        var (_, seconds) = Array.Find(Units, unit => unit.Unit == text[^1]);
        if (seconds == 0 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > long.MaxValue / TimeSpan.TicksPerSecond / seconds) return false;
        duration = TimeSpan.FromSeconds(count * seconds);
        return true;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads as this; parts of a second are left out.</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = duration.Ticks / TimeSpan.TicksPerSecond;
        var (name, unit) = Array.Find(Units, unit => seconds % unit.Seconds == 0 && (seconds > 0 || unit.Seconds == 1));
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / unit}{name}");
    }
}
