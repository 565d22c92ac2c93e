using System.Net;
using System.Net.Sockets;

namespace Swim.Node.Workers.Http;

/// <summary>
/// Sends one request and follows nothing: no redirects, no cookies, no proxy, no credentials of this machine. A name is resolved once,
/// and the connection goes to an address that was looked at, so that a second answer of the name server cannot lead elsewhere.
/// </summary>
internal sealed class HttpSender : IDisposable
{
    private const int ResponseHeadersKib = 16;
    private readonly HttpAccess _access;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="access">Where it may connect.</param>
    /// <param name="resolve">The addresses of a name.</param>
    public HttpSender(HttpAccess access, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_access, _resolve) = (access, resolve);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = ResponseHeadersKib,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>The response when its headers are there; the body is still to be read.</summary>
    /// <exception cref="HttpRequestException">No connection or no response; the cause may be a <see cref="HttpRefusedException"/>.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => _invoker.SendAsync(request, cancellation);

    public void Dispose() => _invoker.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellation).ConfigureAwait(false);
        // Which addresses were found stays here: an author of workflows is not told what names mean inside this network.
        var addresses = found.Where(_access.IsAllowed).ToArray();
        if (addresses.Length == 0)
            throw new HttpRefusedException($"'{host}' is where this node may not connect: use a public address, or start the nodes with --http-allow.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
