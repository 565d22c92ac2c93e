using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Swim.Node.Grpc;

namespace Swim.Node.Http;

/// <summary>
/// The header <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): a string of structured fields (RFC 9651 section 3.3.3), in
/// quotes. Without quotes the text is taken as it stands, since many clients send it so.
/// </summary>
internal static class IdempotencyKey
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The key; null without the header. Throws INVALID_ARGUMENT.</summary>
    public static string? Of(IHeaderDictionary headers) => headers[Header] switch
    {
        { Count: 0 } => null,
        [{ Length: > 0 } text] => text[0] == '"' ? Unquote(text) : text,
        _ => throw ApiErrors.Invalid($"{Header} must be one key, and not empty."),
    };

    private static string Unquote(string text)
    {
        var key = new StringBuilder();
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' when at == text.Length - 1 && key.Length > 0: return key.ToString();
                case '"': throw Broken();
                case '\\' when at + 1 < text.Length && text[at + 1] is '"' or '\\': key.Append(text[++at]); break;
                case '\\': throw Broken();
                default: key.Append(text[at]); break;
            }
        }

        throw Broken();
    }

    private static RpcException Broken() => ApiErrors.Invalid($"{Header} is no string in quotes: write \"key\", with \\\" and \\\\ for these characters.");
}
