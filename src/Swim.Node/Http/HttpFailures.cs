using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Swim.Node.Http;

/// <summary>Turns whatever ends an HTTP request early, in a route or before one is found, into a <see cref="Problem"/>.</summary>
internal static class HttpFailures
{
    private const int ClientClosedRequest = 499;

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (await FailureOfAsync(context, next).ConfigureAwait(false) is { } problem) await problem.WriteAsync(context).ConfigureAwait(false);
    }

    private static async Task<Problem?> FailureOfAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            return BareStatusOf(context.Response);
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or RpcException or IOException)
        {
            // Nobody reads an answer; the status is for the metrics.
            if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
            return null;
        }
        catch (RpcException failure) when (!context.Response.HasStarted)
        {
            return Problem.Of(failure);
        }
        catch (HttpRefusal refusal)
        {
            return Problem.Of(refusal.Status, refusal.Code, refusal.Message);
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            return Problem.Of(failure.StatusCode, CodeOf(failure.StatusCode), failure.Message);
        }
    }

    // What the router and the gRPC services leave without a body.
    private static Problem? BareStatusOf(HttpResponse response)
    {
        var isBare = response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null };
        return isBare ? Problem.Of(response.StatusCode, CodeOf(response.StatusCode), MessageOf(response)) : null;
    }

    private static string MessageOf(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path: see /openapi.json.",
        StatusCodes.Status405MethodNotAllowed => $"This path is there for {response.Headers[HeaderNames.Allow]} only.",
        _ => "This port has no answer to such a request: see /openapi.json.",
    };

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "NOT_FOUND",
        StatusCodes.Status405MethodNotAllowed => "METHOD_NOT_ALLOWED",
        StatusCodes.Status408RequestTimeout => "TIMEOUT",
        StatusCodes.Status413PayloadTooLarge => "RESOURCE_EXHAUSTED",
        StatusCodes.Status415UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
        _ => "INVALID_ARGUMENT",
    };
}
