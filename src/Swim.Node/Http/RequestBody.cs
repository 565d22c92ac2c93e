using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Swim.Core.Workflows.Documents;
using Swim.Node.Grpc;

namespace Swim.Node.Http;

/// <summary>Bodies that carry a workflow document: the document itself as YAML or JSON, or a request message as JSON, told by its member <c>document</c>.</summary>
internal static class RequestBody
{
    /// <summary>The largest body, as of a gRPC message.</summary>
    public const int BytesMax = 40 << 20;

    private const string DocumentField = "document";
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>What is taken, and the format each type means; the first two are the ones to use.</summary>
    public static IReadOnlyList<(string MediaType, string Format)> MediaTypes { get; } =
        [("application/yaml", "yaml"), ("application/json", "json"), ("application/x-yaml", "yaml"), ("text/yaml", "yaml"), ("text/x-yaml", "yaml")];

    /// <summary>Reads the body into <paramref name="fields"/>. Throws what the client must be told.</summary>
    public static async Task ReadAsync(HttpRequest request, RequestFields fields)
    {
        var format = FormatOf(request);
        var text = await TextOfAsync(request).ConfigureAwait(false);
        if (format == "json" && MessageOf(text) is { } message)
        {
            foreach (var (name, value) in message) fields.Set(name, value);
            return;
        }

        fields.Set(DocumentField, text);
        fields.Set("format", format);
    }

    /// <summary>Refuses a body where none is looked at: what stands in it would else be lost silently.</summary>
    public static void RefuseAny(HttpRequest request)
    {
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
            throw ApiErrors.Invalid("This path takes no body: give the fields in the query.");
    }

    private static string FormatOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } coding && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw Unsupported("Content-Encoding is not understood: send the body as it is.");
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var (mediaType, format) in MediaTypes)
            {
                if (type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)) return format;
            }
        }

        throw Unsupported("Content-Type must be application/yaml or application/json, in UTF-8.");
    }

    private static HttpRefusal Unsupported(string message) => new(StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", message);

    private static async Task<string> TextOfAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = BytesMax;
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted).ConfigureAwait(false);
        try
        {
            return Utf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException fault)
        {
            throw ApiErrors.Invalid($"The body is not UTF-8 at byte {fault.Index}: save the document as UTF-8.");
        }
    }

    // Broken JSON is left to the reader of documents, which names the place.
    private static JsonObject? MessageOf(string text) =>
        JsonDocumentReader.Read(Encoding.UTF8.GetBytes(text)).TryGet(out var root, out _) && root.Members.Any(static member => member.Name == DocumentField)
            ? root.ToJsonObject()
            : null;
}
