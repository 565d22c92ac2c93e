using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Swim.Client;

/// <summary>One channel for each server, opened at first use, and which server to ask first. May be used from many threads.</summary>
internal sealed class ServerPool(IReadOnlyList<ServerAddress> servers, ILoggerFactory loggers) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Channel?[] _channels = new Channel?[servers.Count];
    private int _current;
    private bool _isDisposed;

    /// <summary>How many servers there are.</summary>
    public int Count => _channels.Length;

    /// <summary>The server to ask first.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>Where that server is.</summary>
    public ServerAddress AddressOf(int server) => servers[server];

    /// <summary>All of them, as they are named to people.</summary>
    public string Names => string.Join(", ", servers);

    /// <summary>Makes calls to that server.</summary>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public CallInvoker InvokerOf(int server)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(SwimClient));
            return (_channels[server] ??= Open(servers[server])).Invoker;
        }
    }

    /// <summary>That server answered: it is asked first from now on.</summary>
    public void Prefer(int server) => Volatile.Write(ref _current, server);

    /// <summary>That server failed: the next one is asked first, unless another is already.</summary>
    public void Leave(int server) => Interlocked.CompareExchange(ref _current, (server + 1) % Count, server);

    /// <summary>A call that was under way when the client was disposed failed for that reason alone.</summary>
    public void ThrowIfDisposed()
    {
        lock (_lock) ObjectDisposedException.ThrowIf(_isDisposed, typeof(SwimClient));
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        // Not in the lock: it ends the calls under way, and what they do then is not ours.
        foreach (var channel in _channels) channel?.Grpc.Dispose();
    }

    private Channel Open(ServerAddress server)
    {
        var channel = GrpcChannel.ForAddress(server.Uri, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(2),
                // http_proxy is for web pages; no such proxy passes HTTP/2 in clear text on.
                UseProxy = false,
                // A server allows a hundred calls on one connection; more of them would queue behind the long ones.
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(10),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            },
            DisposeHttpClient = true,
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(200),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
            MaxReceiveMessageSize = 64 * 1024 * 1024,
            LoggerFactory = loggers,
        });
        return new Channel(channel, channel.CreateCallInvoker());
    }

    private sealed record Channel(GrpcChannel Grpc, CallInvoker Invoker);
}
