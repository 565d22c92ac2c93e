using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Swim.Node.Grpc;

namespace Swim.Node.Http;

/// <summary>
/// A failure as RFC 9457 says it: <c>status</c>, <c>title</c>, <c>detail</c>, and beside them the fields of <see cref="V1.Error"/>, which
/// gRPC clients get in their trailer.
/// </summary>
internal sealed record Problem(int Status, V1.Error Error)
{
    /// <summary>Its content type.</summary>
    public const string ContentType = "application/problem+json";

    private const int ClientClosedRequest = 499;
    // No browser takes this type for a page, so quotes may stay readable.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a service refused.</summary>
    public static Problem Of(RpcException failure)
    {
        var error = failure.Trailers.GetValueBytes(ApiErrors.Trailer) is { } detail
            ? V1.Error.Parser.ParseFrom(detail)
            : new V1.Error { Code = failure.StatusCode.ToString().ToUpperInvariant(), Message = failure.Status.Detail };
        return new Problem(StatusOf(failure.StatusCode, error.Retryable), error);
    }

    /// <summary>What HTTP refused.</summary>
    public static Problem Of(int status, string code, string message) =>
        new(status, new V1.Error { Code = code, Message = message, Retryable = status is StatusCodes.Status408RequestTimeout or StatusCodes.Status503ServiceUnavailable });

    /// <summary>The HTTP status for a gRPC one. What is too large stays so, while a busy node asks for patience.</summary>
    public static int StatusOf(StatusCode status, bool isRetryable) => status switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => isRetryable ? StatusCodes.Status429TooManyRequests : StatusCodes.Status413PayloadTooLarge,
        StatusCode.Cancelled => ClientClosedRequest,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>On one line.</summary>
    public string Text() => new JsonObject
    {
        ["type"] = "about:blank",
        ["title"] = ReasonPhrases.GetReasonPhrase(Status),
        ["status"] = Status,
        ["detail"] = Error.Message,
        ["code"] = Error.Code,
        ["message"] = Error.Message,
        ["retryable"] = Error.Retryable,
        ["retry_after_ms"] = Error.RetryAfterMs.ToString(CultureInfo.InvariantCulture),
    }.ToJsonString(Plain);

    /// <summary>The whole answer; nothing of it may have been sent.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (Error.Retryable) context.Response.Headers[HeaderNames.RetryAfter] = Math.Max(1, (Error.RetryAfterMs + 999) / 1_000).ToString(CultureInfo.InvariantCulture);
        await ProtoJson.WriteAsync(context, ContentType, Text() + "\n").ConfigureAwait(false);
    }
}
