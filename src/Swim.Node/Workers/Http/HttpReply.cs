using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Tools;

namespace Swim.Node.Workers.Http;

/// <summary>Turns a response into the outcome of an attempt.</summary>
internal static class HttpReply
{
    private const int ShownBytes = 1_024;

    /// <summary>Reads as much of the body as is allowed; a status of 400 or more is a failure, retryable for 429 and from 500 on.</summary>
    public static async Task<ToolOutcome> ReadAsync(string tool, HttpResponseMessage response, DateTimeOffset now, CancellationToken cancellation)
    {
        var isFailure = (int)response.StatusCode >= 400;
        var (body, isWhole) = await BodyAsync(response, isFailure ? ShownBytes : HttpTool.BodyBytesMax, cancellation).ConfigureAwait(false);
        if (isFailure) return Failed(tool, response, body, now);
        if (!isWhole) return TooLarge($"{tool}: the body has more than {HttpTool.BodyBytesMax} bytes: ask for less, or fetch it with a program that stores it elsewhere.");
        var headers = HeadersOf(response);
        if (headers.Count > HttpTool.ResponseHeadersMax) return TooLarge($"{tool}: the response has {headers.Count} headers, and {HttpTool.ResponseHeadersMax} are allowed.");
        return ToolOutcome.Succeeded(new JsonObject
        {
            ["status"] = (int)response.StatusCode,
            ["headers"] = headers,
            ["body"] = IsText(response.Content.Headers) ? Encoding.UTF8.GetString(body) : Convert.ToBase64String(body),
        });
    }

    public static ToolOutcome TooLarge(string message) => ToolOutcome.Failed(HttpTool.ResponseTooLarge, message);

    private static ToolOutcome Failed(string tool, HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var start = IsText(response.Content.Headers) ? Encoding.UTF8.GetString(body).Trim() : "";
        var message = string.Create(CultureInfo.InvariantCulture, $"{tool}: the answer was {status} {response.ReasonPhrase}{(start.Length == 0 ? "." : ": " + start)}");
        var retryable = status >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests;
        return ToolOutcome.Failed(HttpTool.Status, message, retryable, retryable ? RetryAfter(response.Headers.RetryAfter, now) : default);
    }

    private static TimeSpan RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date - now) ?? TimeSpan.Zero;
        return wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < WorkflowLimits.BackoffMax ? wait : WorkflowLimits.BackoffMax;
    }

    private static async Task<(byte[] Body, bool IsWhole)> BodyAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[bytesMax + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return (buffer[..Math.Min(length, bytesMax)], length <= bytesMax);
    }

    // By lower-case name, several values joined as HTTP says.
    private static JsonObject HeadersOf(HttpResponseMessage response)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            headers[name.ToLowerInvariant()] = string.Join(", ", values);
        return new JsonObject(headers.Select(static header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value)));
    }

    // A compressed body is never unpacked, so its bytes are no text whatever their type says.
    private static bool IsText(HttpContentHeaders headers)
    {
        if (headers.NonValidated.Contains("Content-Encoding") || headers.ContentType is not { MediaType: { } media } type) return false;
        var isUtf8 = type.CharSet?.Trim('"').ToUpperInvariant() is null or "" or "UTF-8" or "UTF8" or "US-ASCII";
        var ending = media[(media.LastIndexOfAny(['/', '+']) + 1)..].ToUpperInvariant();
        return isUtf8 && (media.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || ending is "JSON" or "XML" or "YAML" or "JAVASCRIPT" or "X-NDJSON" or "X-WWW-FORM-URLENCODED");
    }
}
