using System.Globalization;
using System.Text;

namespace Swim.Cli.Output;

/// <summary>
/// Text from elsewhere, made safe to print: no control characters, which a terminal would obey, and none that turn the direction of
/// writing, by which a text could pretend to be another (Boucher and Anderson, Trojan Source, 2021).
/// </summary>
public static class Printable
{
    /// <summary>As one line of at most <paramref name="lengthMax"/> characters, 2 or more.</summary>
    public static string Line(string text, int lengthMax = int.MaxValue)
    {
        var line = Shown(text, static rune => rune.Value is '\n' or '\r' or '\t' || IsLineEnd(rune) ? new Rune(' ') : rune);
        if (line.Length <= lengthMax) return line;
        var kept = char.IsHighSurrogate(line[lengthMax - 2]) ? lengthMax - 2 : lengthMax - 1;
        return string.Concat(line.AsSpan(0, kept), "…");
    }

    /// <summary>With its lines and tabs.</summary>
    public static string Lines(string text) => Shown(text.Replace("\r\n", "\n", StringComparison.Ordinal), static rune => IsLineEnd(rune) ? new Rune('\n') : rune);

    private static string Shown(string text, Func<Rune, Rune> replace)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var kept = replace(rune);
            shown.Append((kept == rune && IsDangerous(rune) ? Rune.ReplacementChar : kept).ToString());
        }

        return shown.ToString();
    }

    private static bool IsLineEnd(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsDangerous(Rune rune) =>
        (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
        || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
