using System.Text;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Swim.Node.Http;

/// <summary>
/// An answer of server-sent events (HTML Living Standard section 9.2), and of comments when there was nothing to tell for a while. It
/// begins with the first of these, so that a refusal before it is still an HTTP status; a failure after it is the event <c>problem</c>.
/// </summary>
internal sealed class EventStream(HttpResponse response, TimeSpan keepAlive)
{
    /// <summary>Its content type.</summary>
    public const string ContentType = "text/event-stream";

    private const int ReconnectMs = 1_000;

    /// <summary>Tells all that comes, until its end. Throws the failure it ends with when nothing has been told.</summary>
    public async Task TellAsync(ChannelReader<ServerEvent> events, CancellationToken cancellation)
    {
        try
        {
            while (await IsThereMoreAsync(events, cancellation).ConfigureAwait(false))
            {
                while (events.TryRead(out var news)) await SendAsync(news.Text, cancellation).ConfigureAwait(false);
            }
        }
        catch (RpcException failure) when (response.HasStarted)
        {
            await SendAsync(new ServerEvent("problem", "", Problem.Of(failure).Text()).Text, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsThereMoreAsync(ChannelReader<ServerEvent> events, CancellationToken cancellation)
    {
        var more = events.WaitToReadAsync(cancellation).AsTask();
        while (true)
        {
            try
            {
                return await more.WaitAsync(keepAlive, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                await SendAsync(": nothing new\n\n", cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(string text, CancellationToken cancellation)
    {
        if (!response.HasStarted)
        {
            response.ContentType = ContentType;
            // Proxies that gather answers would hold events back.
            response.Headers["X-Accel-Buffering"] = "no";
            text = $"retry: {ReconnectMs}\n\n{text}";
        }

        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
    }
}

/// <summary>One event. None of its parts may have a line break, which JSON on one line has not.</summary>
/// <param name="Name">What a page listens for.</param>
/// <param name="Id">Comes back as Last-Event-ID; empty: leaves the one before.</param>
/// <param name="Data">Its JSON.</param>
internal sealed record ServerEvent(string Name, string Id, string Data)
{
    /// <summary>On the wire.</summary>
    public string Text => $"event: {Name}\n{(Id.Length == 0 ? "" : $"id: {Id}\n")}data: {Data}\n\n";
}
