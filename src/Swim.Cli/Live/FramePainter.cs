using System.Text;

namespace Swim.Cli.Live;

/// <summary>
/// Draws frames one over the other at the end of a terminal's text. A frame is one write, in which only lines that changed are drawn
/// again, so nothing flickers; terminals that know synchronized output (DEC private mode 2026) show it at once. Used by one thread at a time.
/// </summary>
/// <param name="writer">The terminal.</param>
/// <param name="size">Its size at the moment.</param>
public sealed class FramePainter(TextWriter writer, Func<ScreenSize> size)
{
    private const string Begin = "\u001b[?2026h";
    private const string End = "\u001b[?2026l";
    private const string EraseLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";

    private ScreenSize _drawnFor;
    private string[] _drawn = [];
    private int[] _widths = [];

    /// <summary>Puts a frame in the place of the one before. It must be lower than the terminal.</summary>
    public void Paint(IReadOnlyList<StyledLine> frame)
    {
        var now = size();
        var columns = Math.Max(1, now.Columns - 1);
        var lines = frame.Take(Math.Max(1, now.Rows - 1)).Select(line => line.ToText(columns, hasColour: true)).ToArray();
        var isSameSize = now == _drawnFor;
        if (isSameSize && lines.AsSpan().SequenceEqual(_drawn)) return;
        var text = new StringBuilder(Begin).Append(Up(now));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!isSameSize || i >= _drawn.Length || lines[i] != _drawn[i]) text.Append(lines[i]).Append(EraseLine);
            text.Append("\r\n");
        }

        Write(text.Append(lines.Length < _drawn.Length || !isSameSize ? EraseBelow : "").Append(End));
        (_drawnFor, _drawn, _widths) = (now, lines, [.. frame.Take(lines.Length).Select(line => Math.Min(line.Width, columns))]);
    }

    /// <summary>Takes the last frame away; the cursor is where its first line was.</summary>
    public void Erase()
    {
        if (_drawn.Length == 0) return;
        Write(new StringBuilder(Up(size())).Append(EraseBelow));
        _drawn = [];
    }

    // After a window became narrower, a terminal has broken each line that no longer fits into several.
    private string Up(ScreenSize now)
    {
        if (_drawn.Length == 0) return "";
        var columns = Math.Max(1, now.Columns);
        var rows = now.Columns >= _drawnFor.Columns ? _drawn.Length : _widths.Sum(width => Math.Max(1, (width + columns - 1) / columns));
        return $"\r\u001b[{Math.Min(rows, Math.Max(1, now.Rows - 1))}A";
    }

    private void Write(StringBuilder text)
    {
        writer.Write(text.ToString());
        writer.Flush();
    }
}
