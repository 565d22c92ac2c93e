using System.Collections.Concurrent;
using Grpc.Net.Client;

namespace Swim.Node.Transport;

/// <summary>One gRPC channel for each address of another node; reconnects quickly and notices a dead link by keep-alive pings.</summary>
internal sealed class PeerChannels : IDisposable
{
    private const int MessageBytesMax = 32 << 20;
    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);

    /// <summary>The channel to <c>host:port</c>.</summary>
    public GrpcChannel To(string address) => _channels.GetOrAdd(address, static address => GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
    {
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(200),
        MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        MaxReceiveMessageSize = MessageBytesMax,
        MaxSendMessageSize = MessageBytesMax,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            // http_proxy is for web pages; no such proxy passes HTTP/2 in clear text on.
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            ConnectTimeout = TimeSpan.FromSeconds(3),
        },
    }));

    public void Dispose()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
    }
}
