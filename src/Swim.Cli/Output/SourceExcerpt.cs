using System.Globalization;
using Swim.Cli.Live;

namespace Swim.Cli.Output;

/// <summary>The line of a document that a problem is in, with a mark below its place.</summary>
public static class SourceExcerpt
{
    private const int ColumnsMin = 20;

    /// <summary>
    /// Two lines no wider than <paramref name="columns"/>, at least 20; none where the document has no such line. Of a long line the part
    /// around the place is shown.
    /// </summary>
    /// <param name="document">The whole text.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1, in UTF-16 code units; beyond the line's end means its end.</param>
    /// <param name="columns">Of the terminal.</param>
    public static IReadOnlyList<string> Of(string document, int line, int column, int columns)
    {
        if (line < 1 || LineAt(document, line) is not { } text) return [];
        var number = line.ToString(CultureInfo.InvariantCulture);
        var room = Math.Max(ColumnsMin, columns) - number.Length - 5;
        var place = Math.Clamp(column - 1, 0, text.Length);
        // Half of the room before the place, in characters, which are never narrower than columns are wide.
        var start = Math.Max(0, place - room / 2);
        if (start > 0 && char.IsLowSurrogate(text[start])) start++;
        var shown = TextWidth.Cut(Printable.Line(text[start..]), room);
        var before = TextWidth.Of(Printable.Line(text[start..place]));
        return [$"  {number} | {shown}".TrimEnd(), $"  {new string(' ', number.Length)} | {new string(' ', Math.Min(before, room - 1))}^"];
    }

    private static string? LineAt(string document, int line)
    {
        using var lines = new StringReader(document);
        for (var i = 1; i < line; i++)
        {
            if (lines.ReadLine() is null) return null;
        }

        return lines.ReadLine();
    }
}
