using System.Text.Json;
using System.Text.Unicode;

namespace Swim.Core.Workflows.Documents;

/// <summary>
/// Reads RFC 8259 JSON into a <see cref="DocumentNode"/> under the limits of <see cref="DocumentLimits"/>.
/// Strict: no comments, no trailing commas, no name twice in an object, no unpaired surrogate. Never throws on input.
/// </summary>
public static class JsonDocumentReader
{
    /// <summary>The tree, or the first error with its place.</summary>
    public static DocumentReading Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > DocumentLimits.JsonBytesMax) return new DocumentReading(TooLarge(utf8.Length));
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        var walk = new JsonWalk(utf8);
        if (!Utf8.IsValid(utf8)) return new DocumentReading(walk.ErrorAt(FirstInvalid(utf8), "This is not UTF-8: save the document as UTF-8."));
        try
        {
            var root = walk.ReadDocument();
            return root is null ? new DocumentReading(walk.Error!) : new DocumentReading(root);
        }
        catch (JsonException fault)
        {
            // The framework's reader reports bad syntax only by throwing; this is the one place where it is answered.
            return new DocumentReading(walk.SyntaxError(fault));
        }
    }

    private static DocumentError TooLarge(int bytes) => new(
        DocumentErrorCode.ResourceExhausted,
        $"The JSON document has {bytes} bytes, and {DocumentLimits.JsonBytesMax} are allowed: pass large data by reference.",
        0, 0, "$");

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(utf8[at..], out _, out var used) == System.Buffers.OperationStatus.Done) at += used;
        return at;
    }
}
