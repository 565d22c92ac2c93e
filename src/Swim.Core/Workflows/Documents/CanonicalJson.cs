using System.Text.Json.Nodes;

namespace Swim.Core.Workflows.Documents;

/// <summary>
/// The one byte form of a JSON value, so that equal values hash equal: no white space, names sorted by their UTF-8 bytes,
/// strings with the fewest escapes, numbers as <see cref="JsonNumber"/> writes them. In the manner of RFC 8785,
/// except that numbers keep their exact value instead of being rounded to a double.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The bytes of <paramref name="value"/>; a null reference is JSON null.</summary>
    public static byte[] Write(JsonNode? value) => Build(buffer => Write(buffer, value));

    /// <summary>The bytes of <paramref name="value"/>, places forgotten.</summary>
    public static byte[] Write(DocumentNode value) => Build(buffer => Write(buffer, value));

    /// <summary>The text of <paramref name="value"/>.</summary>
    public static string ToText(JsonNode? value) => System.Text.Encoding.UTF8.GetString(Write(value));

    /// <summary>Reads any JSON from elsewhere without throwing; false when it is malformed, doubled, too deep or too large.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out JsonNode? value)
    {
        value = null;
        if (JsonDocumentReader.Read(utf8).Root is not { } root) return false;
        value = root.ToJsonNode();
        return true;
    }

    internal static void Write(CanonicalBuffer buffer, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                buffer.Open('{');
                foreach (var (name, member) in members.OrderBy(member => member.Key, Utf8Order.Instance))
                {
                    buffer.Name(name);
                    Write(buffer, member);
                }
                buffer.Close('}');
                break;
            case JsonArray items:
                buffer.Open('[');
                foreach (var item in items)
                {
                    buffer.Item();
                    Write(buffer, item);
                }
                buffer.Close(']');
                break;
            default:
                buffer.Scalar(value);
                break;
        }
    }

    private static void Write(CanonicalBuffer buffer, DocumentNode value)
    {
        switch (value.Kind)
        {
            case DocumentKind.Map:
                buffer.Open('{');
                foreach (var member in value.Members.OrderBy(member => member.Name, Utf8Order.Instance))
                {
                    buffer.Name(member.Name);
                    Write(buffer, member.Value);
                }
                buffer.Close('}');
                break;
            case DocumentKind.List:
                buffer.Open('[');
                foreach (var item in value.Items)
                {
                    buffer.Item();
                    Write(buffer, item);
                }
                buffer.Close(']');
                break;
            case DocumentKind.Text: buffer.Text(value.Value); break;
            case DocumentKind.Number: buffer.Raw(value.Value); break;
            case DocumentKind.Boolean: buffer.Raw(value.IsTrue ? "true" : "false"); break;
            default: buffer.Raw("null"); break;
        }
    }

    private static byte[] Build(Action<CanonicalBuffer> write)
    {
        var buffer = new CanonicalBuffer();
        write(buffer);
        return buffer.ToArray();
    }
}
