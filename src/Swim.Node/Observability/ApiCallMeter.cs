using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Swim.Node.Observability;

/// <summary>Counts each call once it has ended, by its route's pattern, never by the path that was asked for.</summary>
internal sealed class ApiCallMeter(NodeMetrics metrics)
{
    private const string StatusTrailer = "grpc-status";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            metrics.ApiCall((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none", StatusOf(context));
        }
    }

    private static string StatusOf(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is not true)
            return context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
        // An answer without a body carries its status as a header.
        var trailer = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers[StatusTrailer].ToString();
        var text = string.IsNullOrEmpty(trailer) ? context.Response.Headers[StatusTrailer].ToString() : trailer;
        return Enum.TryParse<StatusCode>(text, out var code) && Enum.IsDefined(code) ? code.ToString() : nameof(StatusCode.Aborted);
    }
}
