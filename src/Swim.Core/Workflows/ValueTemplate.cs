using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows;

/// <summary>
/// A string of a document seen as text with <see cref="ValueReference"/>s in it. A string that is one reference and nothing else
/// stands for the value itself, with its JSON type; anywhere else a reference is put into the text: strings as they are,
/// other values as canonical JSON. <c>$$OUTPUT[</c> stands for the text <c>$OUTPUT[</c>, <c>$$INPUT</c> for <c>$INPUT</c>.
/// </summary>
public sealed class ValueTemplate
{
    private readonly List<(string Literal, ValueReference? Reference)> _parts = [];

    private ValueTemplate()
    {
    }

    /// <summary>The references in it, in order.</summary>
    public IEnumerable<ValueReference> References => _parts.Select(part => part.Reference).OfType<ValueReference>();

    /// <summary>The reference that the whole string is; null when it is text.</summary>
    public ValueReference? Whole => _parts is [(_, { } only)] ? only : null;

    /// <summary>True when <paramref name="text"/> holds a reference or an escape, well formed or not; the quick way past all others.</summary>
    public static bool IsIn(string text) =>
        text.Contains(ValueReference.OutputMarker, StringComparison.Ordinal) || text.Contains(ValueReference.InputMarker, StringComparison.Ordinal);

    /// <summary>Reads the string; null with what is wrong in <paramref name="fault"/> when a reference is malformed.</summary>
    public static ValueTemplate? Parse(string text, out string fault)
    {
        fault = "";
        var template = new ValueTemplate();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            if (rest[0] == '$' && ValueReference.Begins(rest[1..], out var escaped))
            {
                literal.Append(rest.Slice(1, escaped));
                at += 1 + escaped;
            }
            else if (ValueReference.Begins(rest, out _))
            {
                if (ValueReference.Parse(rest, out var length, out fault) is not { } reference) return null;
                template.AddLiteral(literal);
                template._parts.Add(("", reference));
                at += length;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }
        template.AddLiteral(literal);
        if (template._parts is not [(_, not null), (".", null)]) return template;
        fault = "the path ends in a dot";
        return null;
    }

    /// <summary>Every well-formed reference in the strings of <paramref name="value"/>.</summary>
    public static IEnumerable<ValueReference> ReferencesIn(JsonNode? value) => value switch
    {
        JsonObject members => members.SelectMany(member => ReferencesIn(member.Value)),
        JsonArray items => items.SelectMany(ReferencesIn),
        not null when value.GetValueKind() == JsonValueKind.String && IsIn(value.GetValue<string>()) =>
            Parse(value.GetValue<string>(), out _)?.References ?? [],
        _ => [],
    };

    /// <summary>The text with every reference replaced by what <paramref name="valueOf"/> gives for it.</summary>
    public string Fill(Func<ValueReference, JsonNode?> valueOf)
    {
        var filled = new StringBuilder();
        foreach (var (literal, reference) in _parts) filled.Append(reference is null ? literal : TextOf(valueOf(reference)));
        return filled.ToString();
    }

    /// <summary>How a value reads inside a text: a string as it is, anything else as canonical JSON.</summary>
    internal static string TextOf(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : CanonicalJson.ToText(value);

    private void AddLiteral(StringBuilder literal)
    {
        if (literal.Length > 0) _parts.Add((literal.ToString(), null));
        literal.Clear();
    }
}
