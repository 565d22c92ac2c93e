using System.Text;
using System.Text.Unicode;
using Swim.Core.Workflows.Documents;
using YamlDotNet.Core;

namespace Swim.Node.Documents;

/// <summary>
/// Reads YAML into the tree that JSON gives, under <see cref="DocumentLimits"/>. Takes the part of YAML that is a notation for JSON:
/// one document; no anchors, aliases, tags or merge keys; plain scalars by the core schema of YAML 1.2. It walks the parser's
/// events and never hands the text to a deserializer, whose recursion a nested document would overflow. Never throws on input.
/// </summary>
public static class YamlDocumentReader
{
    /// <summary>The tree, or the first error with its place.</summary>
    public static DocumentReading Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > DocumentLimits.YamlBytesMax)
            return Refuse(DocumentErrorCode.ResourceExhausted, $"The YAML document has {utf8.Length} bytes, and {DocumentLimits.YamlBytesMax} are allowed: send JSON, or pass large data by reference.");
        if (!Utf8.IsValid(utf8)) return Refuse(DocumentErrorCode.InvalidArgument, "This is not UTF-8: save the document as UTF-8.");
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        using var text = new StringReader(Encoding.UTF8.GetString(utf8));
        var walk = new YamlWalk(new Scanner(text, skipComments: true));
        try
        {
            var root = walk.ReadDocument();
            return root is null ? new DocumentReading(walk.Error!) : new DocumentReading(root);
        }
        catch (YamlException fault)
        {
            // The parser reports bad syntax only by throwing; this is the one place where it is answered.
            return new DocumentReading(walk.SyntaxError(fault));
        }
    }

    private static DocumentReading Refuse(string code, string message) => new(new DocumentError(code, message, 0, 0, "$"));
}
