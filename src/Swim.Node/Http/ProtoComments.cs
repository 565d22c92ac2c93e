using System.Text.RegularExpressions;

namespace Swim.Node.Http;

/// <summary>
/// What the proto files of the API say about their messages and fields, for descriptions: compiled descriptors have lost it. Knows the
/// style of these files, one declaration on a line, and nothing more of the language.
/// </summary>
internal sealed partial class ProtoComments
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly List<string> _above = [];
    private string _owner = "";

    private ProtoComments()
    {
    }

    /// <summary>Of the files that were built into this assembly.</summary>
    public static ProtoComments Read()
    {
        var comments = new ProtoComments();
        foreach (var file in new[] { "workflows.proto", "cluster.proto" })
        {
            using var reader = new StreamReader(typeof(ProtoComments).Assembly.GetManifestResourceStream(file)!);
            while (reader.ReadLine() is { } line) comments.Add(line);
        }

        return comments;
    }

    /// <summary>The comment on a message or enumeration, or, with a dot, on a field or value of it; null when there is none.</summary>
    public string? Of(string name) => _texts.GetValueOrDefault(name);

    private void Add(string line)
    {
        if (Remark().Match(line) is { Success: true } remark)
        {
            _above.Add(remark.Groups[1].Value);
            return;
        }

        if (Opening().Match(line) is { Success: true } opening) Keep(_owner = opening.Groups[1].Value, "");
        else if (Member().Match(line) is { Success: true } member) Keep($"{_owner}.{member.Groups[1].Value}", member.Groups[2].Value);
        _above.Clear();
    }

    private void Keep(string name, string beside)
    {
        var text = string.Join(' ', [.. _above, beside]).Trim();
        if (text.Length > 0) _texts[name] = text;
    }

    [GeneratedRegex(@"^\s*// ?(.*)$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"^(?:message|enum) (\w+) \{")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^\s+(?:[\w.<>, ]+ )?(\w+) = \d+;(?:\s*// ?(.*))?$")]
    private static partial Regex Member();
}
