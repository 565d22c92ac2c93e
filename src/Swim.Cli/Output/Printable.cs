namespace Swim.Cli.Output;

/// <summary>Text from elsewhere, made safe to print: no control characters, which a terminal would obey.</summary>
public static class Printable
{
    /// <summary>As one line of at most <paramref name="lengthMax"/> characters.</summary>
    public static string Line(string text, int lengthMax = int.MaxValue)
    {
        var line = string.Concat(text.Select(c => c is '\n' or '\r' or '\t' ? ' ' : Shown(c)));
        return line.Length <= lengthMax ? line : string.Concat(line.AsSpan(0, lengthMax - 1), "…");
    }

    /// <summary>With its lines and tabs.</summary>
    public static string Lines(string text) => string.Concat(text.Select(c => c is '\n' or '\t' ? c : Shown(c)));

    private static char Shown(char c) => char.IsControl(c) ? '\uFFFD' : c;
}
