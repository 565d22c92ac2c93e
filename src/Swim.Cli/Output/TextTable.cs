using System.Text;

namespace Swim.Cli.Output;

/// <summary>Rows of text in columns as wide as their widest cell.</summary>
public sealed class TextTable
{
    private readonly List<string[]> _rows = [];

    /// <summary>A table with a line of headings.</summary>
    public TextTable(params string[] headings) => _rows.Add(headings);

    /// <summary>Adds a row with as many cells as there are headings. What a terminal would obey rather than show is replaced.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => Printable.Line(cell))]);

    /// <summary>Writes all rows, each line without spaces at its end.</summary>
    public void WriteTo(TextWriter writer)
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++) line.Append(row[column].PadRight(widths[column] + 2));
            writer.WriteLine(line.ToString().TrimEnd());
        }
    }
}
