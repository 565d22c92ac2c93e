using System.Text;

namespace Swim.Cli.Live;

/// <summary>What a piece of text says by its colour; never by its colour alone.</summary>
public enum Tint
{
    /// <summary>The terminal's own.</summary>
    None,

    /// <summary>Of less importance.</summary>
    Dim,

    /// <summary>Done as it should be.</summary>
    Good,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>Under way.</summary>
    Busy,

    /// <summary>Needs a second look.</summary>
    Warn,
}

/// <summary>One line for a terminal, made of pieces in tints. The texts have no control characters.</summary>
public sealed class StyledLine
{
    private readonly List<(string Text, Tint Tint)> _pieces = [];

    /// <summary>Columns taken so far.</summary>
    public int Width { get; private set; }

    /// <summary>Appends a text.</summary>
    public StyledLine Add(string text, Tint tint = Tint.None)
    {
        _pieces.Add((text, tint));
        Width += TextWidth.Of(text);
        return this;
    }

    /// <summary>Appends a text where it fits into so many columns as a whole: half a number says something else.</summary>
    public StyledLine AddWhole(string text, int columnsMax, Tint tint = Tint.None) => Width + TextWidth.Of(text) <= columnsMax ? Add(text, tint) : this;

    /// <summary>Appends spaces up to a column; nothing when the line is as wide already.</summary>
    public StyledLine PadTo(int column) => column > Width ? Add(new string(' ', column - Width)) : this;

    /// <summary>The line, cut to so many columns, with the escape sequences of its tints where they are wanted and no spaces at its end.</summary>
    public string ToText(int columnsMax, bool hasColour)
    {
        var text = new StringBuilder();
        var left = columnsMax;
        var end = _pieces.FindLastIndex(static piece => piece.Text.AsSpan().Trim().Length > 0);
        for (var i = 0; i <= end && left > 0; i++)
        {
            var shown = TextWidth.Cut(i == end ? _pieces[i].Text.TrimEnd() : _pieces[i].Text, left);
            left -= TextWidth.Of(shown);
            var code = hasColour ? CodeOf(_pieces[i].Tint) : "";
            text.Append(code).Append(shown).Append(code.Length > 0 ? "\u001b[0m" : "");
        }

        return text.ToString();
    }

    private static string CodeOf(Tint tint) => tint switch
    {
        Tint.Dim => "\u001b[2m",
        Tint.Good => "\u001b[32m",
        Tint.Bad => "\u001b[31m",
        Tint.Busy => "\u001b[36m",
        Tint.Warn => "\u001b[33m",
        _ => "",
    };
}
