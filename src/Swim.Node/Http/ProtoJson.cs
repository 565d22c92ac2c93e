using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Swim.Node.Http;

/// <summary>The API's messages as JSON: the protobuf JSON mapping with the names of the proto files, fields at their defaults included.</summary>
internal static class ProtoJson
{
    /// <summary>Of every answer that is one message.</summary>
    public const string ContentType = "application/json";

    private static readonly JsonFormatter Formatter =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    /// <summary>On one line.</summary>
    public static string Text(IMessage message) => Formatter.Format(message);

    /// <summary>Sends it as the whole answer.</summary>
    public static Task WriteAsync(HttpContext context, IMessage message) => WriteAsync(context, ContentType, Text(message) + "\n");

    /// <summary>Sends text as the whole answer, its length in front.</summary>
    public static async Task WriteAsync(HttpContext context, string contentType, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
