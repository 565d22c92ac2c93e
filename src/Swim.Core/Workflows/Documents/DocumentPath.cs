using System.Text.RegularExpressions;

namespace Swim.Core.Workflows.Documents;

/// <summary>How places and names out of a document are written in messages: bounded and in one line.</summary>
public static partial class DocumentPath
{
    private const int NameLengthMax = 64;

    /// <summary>The step to a member: <c>.name</c>, or <c>["odd name"]</c> where the name needs quotes.</summary>
    public static string Member(string name) => Plain().IsMatch(name) ? "." + Shorten(name) : $"[\"{Shorten(name)}\"]";

    /// <summary>The text with control characters replaced, cut where it is too long to show.</summary>
    public static string Shorten(string text)
    {
        var cut = text.Length <= NameLengthMax ? text : text[..(char.IsHighSurrogate(text[NameLengthMax - 1]) ? NameLengthMax - 1 : NameLengthMax)] + "...";
        return string.Create(cut.Length, cut, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
