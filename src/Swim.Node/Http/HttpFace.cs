using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Swim.Node.Hosting;

namespace Swim.Node.Http;

/// <summary>The HTTP port: the API as JSON, what orchestrators of containers and scrapers of metrics ask for, and its own description.</summary>
internal sealed class HttpFace
{
    private const string PlainText = "text/plain; charset=utf-8";
    private readonly Task<NodeParts> _parts;

    /// <summary>A face of the node that <paramref name="parts"/> will be, with its metrics.</summary>
    public HttpFace(Task<NodeParts> parts, HttpRoute metrics)
    {
        _parts = parts;
        Routes =
        [
            .. new WorkflowRoutes(parts).All(),
            Probe("/livez", "GetLive", "Says ok while the process answers.", static () => true),
            Probe("/readyz", "GetReady", "Says ok from when the node has joined its cluster until it stops, but not while its clock is off or its disk is full.", IsReady),
            Probe("/startupz", "GetStarted", "Says ok once the node has read its log and opened its ports.", () => _parts.IsCompletedSuccessfully),
            metrics,
            Description(),
        ];
    }

    /// <summary>Everything there is on the port.</summary>
    public IReadOnlyList<HttpRoute> Routes { get; }

    /// <summary>Serves the routes.</summary>
    public void Map(WebApplication web)
    {
        foreach (var route in Routes) web.MapMethods(route.Pattern, MethodsOf(route), Guarded(route)).WithDisplayName(route.Name);
    }

    private static string[] MethodsOf(HttpRoute route) => route.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [route.Method];

    // A page of another origin may not act through the browser of somebody who can reach the node.
    private static RequestDelegate Guarded(HttpRoute route) => context =>
    {
        var isForeign = route.Method != HttpMethods.Get && context.Request.Headers.Origin is { Count: > 0 } origin && !IsOwn(origin, context.Request.Host);
        if (isForeign) throw new HttpRefusal(StatusCodes.Status403Forbidden, "PERMISSION_DENIED", "Pages of another origin may not change anything here.");
        return route.Handle(context);
    };

    private static bool IsOwn(StringValues origin, HostString host) =>
        origin is [var text] && Uri.TryCreate(text, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private bool IsReady() => _parts.IsCompletedSuccessfully && _parts.Result is { IsReady: true, Stopping.IsCancellationRequested: false };

    private static HttpRoute Probe(string pattern, string name, string summary, Func<bool> holds) => new(HttpMethods.Get, pattern, name, summary)
    {
        ContentType = PlainText,
        Refusals = pattern == "/livez" ? [] : [StatusCodes.Status503ServiceUnavailable],
        Handle = context =>
        {
            var isSo = holds();
            context.Response.StatusCode = isSo ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            if (!isSo) context.Response.Headers[HeaderNames.RetryAfter] = "1";
            return ProtoJson.WriteAsync(context, PlainText, isSo ? "ok\n" : "not yet, or no longer\n");
        },
    };

    private HttpRoute Description()
    {
        var text = new Lazy<string>(() => OpenApi.Write(Routes));
        return new HttpRoute(HttpMethods.Get, "/openapi.json", "GetDescription", "This description.")
        {
            Handle = context => ProtoJson.WriteAsync(context, ProtoJson.ContentType, text.Value),
        };
    }
}
