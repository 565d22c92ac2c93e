using System.Globalization;
using System.Text;
using Swim.Cli;

namespace Swim.Client.Tests.Cli.Live;

/// <summary>
/// A terminal as far as this command uses one: rows of characters, a cursor, and the escape sequences it may send; any other is a fault.
/// What scrolls off the top is kept, as in a terminal's history.
/// </summary>
internal sealed class FakeTerminal(int columns, int rows) : StringWriter(CultureInfo.InvariantCulture)
{
    private readonly Lock _gate = new();
    private readonly List<StringBuilder> _lines = [new()];
    private int _row;
    private int _column;

    public ScreenSize Size { get; private set; } = new(columns, rows);

    public Screen Screen => new(() => Size, IsPlain: false, IsUnicode: true);

    /// <summary>How many times each line was written to, by its place in the history.</summary>
    public Dictionary<int, int> Writes { get; } = [];

    /// <summary>All that was ever shown and not drawn over.</summary>
    public string Shown
    {
        get
        {
            lock (_gate) return string.Join('\n', _lines.Select(line => line.ToString().TrimEnd())).TrimEnd('\n');
        }
    }

    public void Resize(int columns, int rows) => Size = new ScreenSize(columns, rows);

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_gate) Take(value ?? "");
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    private void Take(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b') i = Obey(text, i + 1);
            else if (text[i] == '\r') _column = 0;
            else if (text[i] == '\n') NextLine();
            else if (char.IsControl(text[i])) throw new InvalidOperationException($"The control character {(int)text[i]:x2} reached the terminal.");
            else Put(text[i]);
        }
    }

    // A new line also returns, as terminals do for programs that have not asked otherwise.
    private void NextLine()
    {
        (_row, _column) = (_row + 1, 0);
        while (_lines.Count <= _row) _lines.Add(new StringBuilder());
    }

    private void Put(char c)
    {
        if (_column >= Size.Columns) throw new InvalidOperationException($"A line is wider than {Size.Columns} columns: '{_lines[_row]}'.");
        var line = _lines[_row];
        if (line.Length <= _column) line.Append(' ', _column - line.Length + 1);
        line[_column++] = c;
        Writes[_row] = Writes.GetValueOrDefault(_row) + 1;
    }

    // From after the escape character; answers where the sequence ends.
    private int Obey(string text, int start)
    {
        var end = text.IndexOfAny(['A', 'J', 'K', 'h', 'l', 'm'], start);
        var sequence = text[start..(end + 1)];
        switch (sequence)
        {
            case "[K":
                _lines[_row].Length = Math.Min(_lines[_row].Length, _column);
                break;
            case "[J":
                _lines[_row].Length = Math.Min(_lines[_row].Length, _column);
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            case [.. var up, 'A']:
                var top = Math.Max(0, _lines.Count - Size.Rows);
                _row = Math.Max(top, _row - int.Parse(up.AsSpan(1), CultureInfo.InvariantCulture));
                break;
            case "[?2026h" or "[?2026l" or [.., 'm']:
                break;
            default:
                throw new InvalidOperationException($"The terminal was sent '{sequence}'.");
        }

        return end;
    }
}
