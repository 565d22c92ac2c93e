using Swim.Cli.Live;
using Xunit;

namespace Swim.Client.Tests.Cli.Live;

public sealed class FramePainterTests : IDisposable
{
    private readonly FakeTerminal _terminal = new(20, 6);

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void Each_frame_stands_in_the_place_of_the_one_before()
    {
        var painter = Painter();
        _terminal.Write("$ swim run\n");
        foreach (var frame in new[] { "one|two", "one|2|three", "1", "1|2|3|4", "" }) painter.Paint(Frame(frame));
        Assert.Equal("$ swim run", _terminal.Shown);
        painter.Paint(Frame("a|b"));
        Assert.Equal("$ swim run\na\nb", _terminal.Shown);
        painter.Erase();
        painter.Erase();
        Assert.Equal("$ swim run", _terminal.Shown);
    }

    [Fact]
    public void Only_lines_that_changed_are_drawn_and_a_frame_is_one_write()
    {
        var painter = Painter();
        painter.Paint(Frame("same|old|same"));
        var before = _terminal.Writes.ToDictionary();
        painter.Paint(Frame("same|new|same"));
        painter.Paint(Frame("same|new|same"));
        Assert.Equal("same\nnew\nsame", _terminal.Shown);
        Assert.Equal([1], _terminal.Writes.Where(line => before[line.Key] != line.Value).Select(line => line.Key));
    }

    [Fact]
    public void A_line_that_becomes_shorter_leaves_nothing_behind()
    {
        var painter = Painter();
        painter.Paint(Frame("a long line|x"));
        painter.Paint(Frame("short|x"));
        Assert.Equal("short\nx", _terminal.Shown);
    }

    [Fact]
    public void What_stands_above_is_never_drawn_over_at_the_bottom_of_the_screen()
    {
        for (var i = 0; i < 20; i++) _terminal.Write($"line {i}\n");
        var painter = Painter();
        for (var i = 0; i < 10; i++) painter.Paint(Frame($"a{i}|b|c|d{i}|e|f|g|h"));
        Assert.Equal(string.Join('\n', Enumerable.Range(0, 20).Select(i => $"line {i}")) + "\na9\nb\nc\nd9\ne", _terminal.Shown);
    }

    [Fact]
    public void Another_size_draws_everything_again_and_keeps_to_it()
    {
        var painter = Painter();
        painter.Paint(Frame("one|two|three|four"));
        _terminal.Resize(40, 6);
        painter.Paint(Frame("a line of thirty-odd columns now|two|three|four"));
        Assert.Equal("a line of thirty-odd columns now\ntwo\nthree\nfour", _terminal.Shown);
        _terminal.Resize(40, 3);
        painter.Paint(Frame("a|b|c|d"));
        Assert.EndsWith("a\nb", _terminal.Shown, StringComparison.Ordinal);
    }

    private FramePainter Painter() => new(_terminal, () => _terminal.Size);

    private static IReadOnlyList<StyledLine> Frame(string lines) => [.. lines.Split('|').Select(line => new StyledLine().Add(line, Tint.Good))];
}
