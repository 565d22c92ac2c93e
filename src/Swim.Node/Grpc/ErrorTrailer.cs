using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Swim.Node.Grpc;

/// <summary>
/// Adds <see cref="V1.Error"/> to failed calls that ended before or outside of a service: a message over the limit, a method that is
/// not here. Outermost, since no interceptor sees those.
/// </summary>
internal static partial class ErrorTrailer
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (context.GetEndpoint() is null && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true) RefuseService(context.Response);
        if (context.Response.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true) Complete(context.Response);
    }

    private static void RefuseService(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)StatusCode.Unimplemented).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = "Service is unimplemented.";
    }

    private static void Complete(HttpResponse response)
    {
        // A response without a message carries its status among the headers. Read-only: all is sent, as after a deadline.
        var place = response.HasStarted ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : response.Headers;
        if (place is not { IsReadOnly: false } || place.ContainsKey(ApiErrors.Trailer)) return;
        if (!int.TryParse(place["grpc-status"], out var number) || number == (int)StatusCode.OK) return;
        var status = (StatusCode)number;
        var error = new V1.Error
        {
            Code = WordStart().Replace(status.ToString(), "_").ToUpperInvariant(),
            Message = Uri.UnescapeDataString(place["grpc-message"].ToString()),
            Retryable = status is StatusCode.Unavailable or StatusCode.Aborted,
        };
        place[ApiErrors.Trailer] = Convert.ToBase64String(error.ToByteArray());
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
