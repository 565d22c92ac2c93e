using System.IO.Compression;
using System.Net;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swim.StandIns.Tests.Rpc.Protocol;

namespace Swim.StandIns.Tests.Rpc;

/// <summary>A real gRPC server on a free loopback port, and a real channel to it.</summary>
internal sealed class SmokeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SmokeServer(WebApplication app, SmokeService service, CountingInterceptor interceptor, GrpcChannel channel)
    {
        _app = app;
        Service = service;
        Interceptor = interceptor;
        Channel = channel;
    }

    public SmokeService Service { get; }

    public CountingInterceptor Interceptor { get; }

    public GrpcChannel Channel { get; }

    public Smoke.SmokeClient Client => new(Channel);

    public static async Task<SmokeServer> StartAsync()
    {
        var service = new SmokeService();
        var interceptor = new CountingInterceptor();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(service);
        builder.Services.AddSingleton(interceptor);
        builder.Services.AddGrpc(options =>
        {
            options.Interceptors.Add<CountingInterceptor>();
            options.ResponseCompressionAlgorithm = "gzip";
            options.CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest)];
        });
        var app = builder.Build();
        app.MapGrpcService<SmokeService>();
        await app.StartAsync();
        return new SmokeServer(app, service, interceptor, GrpcChannel.ForAddress(app.Urls.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}
