using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Swim.Node.Tests.Workers.Http;

/// <summary>A real HTTP server on a free port of 127.0.0.1.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private int _requests;

    private HttpServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return answer(context);
        });
    }

    /// <summary>Requests that arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public int Port => new Uri(_web.Urls.Single()).Port;

    public static async Task<HttpServer> StartAsync(RequestDelegate answer)
    {
        var server = new HttpServer(answer);
        await server._web.StartAsync();
        return server;
    }

    public string Url(string path = "/", string host = "127.0.0.1") => $"http://{host}:{Port}{path}";

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
