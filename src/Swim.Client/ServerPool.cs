using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;

namespace Swim.Client;

/// <summary>
/// One channel for each server, opened at first use. A call goes to the server that answered last, and from there to each next one
/// while the failure is the server's own. May be used from many threads.
/// </summary>
internal sealed class ServerPool : IDisposable
{
    private readonly SwimClientOptions _options;
    private readonly Lazy<GrpcChannel>[] _channels;
    private int _current;

    public ServerPool(SwimClientOptions options)
    {
        _options = options;
        _channels = [.. options.Servers.Select(server => new Lazy<GrpcChannel>(() => Open(server)))];
    }

    /// <summary>Calls until a server answers or refuses; <paramref name="wait"/> is how long the call itself asks the server to wait.</summary>
    /// <exception cref="SwimException">Refused, or no server answered in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> CallAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, TimeSpan wait, CancellationToken cancel)
    {
        var first = Volatile.Read(ref _current);
        var end = DateTime.UtcNow + _options.CallTimeout + wait;
        for (var tried = 1; ; tried++)
        {
            var server = (first + tried - 1) % _channels.Length;
            var isLast = tried == _channels.Length;
            var until = isLast ? end : Earlier(end, DateTime.UtcNow + _options.ServerTimeout + wait);
            try
            {
                var answer = await call(_channels[server].Value.CreateCallInvoker(), new CallOptions(deadline: until, cancellationToken: cancel)).ConfigureAwait(false);
                Volatile.Write(ref _current, server);
                return answer;
            }
            catch (RpcException failure)
            {
                cancel.ThrowIfCancellationRequested();
                if (isLast || !CallFailure.IsOfThisServer(failure) || DateTime.UtcNow >= end)
                    throw CallFailure.Describe(failure, CallFailure.IsOfThisServer(failure) ? string.Join(", ", _options.Servers) : $"{_options.Servers[server]}");
            }
        }
    }

    /// <summary>
    /// Reads a stream from the server that answered last. Where the failure is the server's own, the next call or stream goes to the next.
    /// </summary>
    /// <exception cref="SwimException">Refused, or broken off.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CallInvoker, CallOptions, AsyncServerStreamingCall<T>> call, [EnumeratorCancellation] CancellationToken cancel)
    {
        var server = Volatile.Read(ref _current);
        using var stream = call(_channels[server].Value.CreateCallInvoker(), new CallOptions(cancellationToken: cancel));
        while (await MoveNextAsync(stream.ResponseStream, server, cancel).ConfigureAwait(false)) yield return stream.ResponseStream.Current;
    }

    private async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> stream, int server, CancellationToken cancel)
    {
        try
        {
            return await stream.MoveNext(cancel).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            cancel.ThrowIfCancellationRequested();
            if (CallFailure.IsOfThisServer(failure)) Interlocked.CompareExchange(ref _current, (server + 1) % _channels.Length, server);
            throw CallFailure.Describe(failure, $"{_options.Servers[server]}");
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Where(channel => channel.IsValueCreated)) channel.Value.Dispose();
    }

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;

    private static GrpcChannel Open(ServerAddress server) => GrpcChannel.ForAddress(server.Uri, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // A server allows a hundred calls on one connection; more of them would queue behind the long ones.
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        },
        DisposeHttpClient = true,
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(200),
        MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        MaxReceiveMessageSize = 64 * 1024 * 1024,
    });
}
