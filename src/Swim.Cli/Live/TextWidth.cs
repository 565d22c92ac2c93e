using System.Globalization;
using System.Text;

namespace Swim.Cli.Live;

/// <summary>
/// How many columns of a terminal a text takes: two for the wide characters of East Asia (Unicode Standard Annex 11) and for emoji, none
/// for what combines with the character before it, one for all else.
/// </summary>
public static class TextWidth
{
    // First and last of each wide range, ascending. The blocks, not every character: a terminal's own table differs in the details too.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x26AA, 0x26AB),
        (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F5), (0x26FA, 0x26FD), (0x2705, 0x2705),
        (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27BF), (0x2B1B, 0x2B1C),
        (0x2B50, 0x2B55), (0x2E80, 0x303E), (0x3041, 0x4DBF), (0x4E00, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F),
        (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x1B2FF), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F19A), (0x1F200, 0x1F320),
        (0x1F32D, 0x1F64F), (0x1F680, 0x1F6FC), (0x1F7E0, 0x1F7F0), (0x1F90C, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The columns of a whole text without control characters.</summary>
    public static int Of(string text) => text.EnumerateRunes().Sum(Of);

    /// <summary>As much of a text as fits into so many columns; where it is cut, <paramref name="end"/> takes the last of them if it fits.</summary>
    public static string Cut(string text, int columns, string end = "")
    {
        if (text.Length <= columns && Of(text) <= columns) return text;
        var endWidth = Of(end);
        if (endWidth > columns) (end, endWidth) = ("", 0);
        var (kept, width, whole) = (0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            width += Of(rune);
            if (width + endWidth <= columns) kept += rune.Utf16SequenceLength;
            whole += rune.Utf16SequenceLength;
            if (width > columns) return text[..kept] + end;
        }

        return text[..whole];
    }

    private static int Of(Rune rune)
    {
        if (rune.IsAscii) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) return 0;
        return Array.Exists(Wide, range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1;
    }
}
