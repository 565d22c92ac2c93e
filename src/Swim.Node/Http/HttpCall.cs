using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Swim.Node.Http;

/// <summary>An HTTP request as the services of the API see a call, so that both faces share them. Ends when the client goes.</summary>
internal sealed class HttpCall(HttpContext context, CancellationToken cancellation) : ServerCallContext
{
    protected override string MethodCore => context.Request.Path;

    protected override string HostCore => context.Request.Host.Value ?? "";

    protected override string PeerCore => $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => cancellation;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("No service here calls another one.");
}
