using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Swim.Node.Grpc;
using Swim.Node.Hosting;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Http;

/// <summary>
/// Follows a workflow for one HTTP client. Who comes back with the last event's id after the end gets 204, which tells an
/// EventSource not to come again.
/// </summary>
internal static class WatchAnswer
{
    /// <summary>The header in which a client that reconnects names the last event it has seen.</summary>
    public const string LastEventId = "Last-Event-ID";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static async Task WriteAsync(HttpContext context, NodeParts parts, WatchWorkflowRequest request)
    {
        var service = new WorkflowsService(parts);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await service.GetWorkflow(new GetWorkflowRequest { Namespace = request.Namespace, WorkflowId = request.WorkflowId }, new HttpCall(context, context.RequestAborted)).ConfigureAwait(false);
            context.Response.ContentType = EventStream.ContentType;
            return;
        }

        // One waits to be written while the next is made: a slow reader gets larger steps, not a longer queue.
        var events = Channel.CreateBounded<ServerEvent>(1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var watching = FollowAsync(service, request, events.Writer, new HttpCall(context, end.Token));
        try
        {
            await new EventStream(context.Response, KeepAlive).TellAsync(events.Reader, context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>A snapshot or a delta: its id the resume token, its data the whole message.</summary>
    public static ServerEvent EventOf(WatchWorkflowResponse message) =>
        new(message.Snapshot is null ? "delta" : "snapshot", message.ResumeToken.ToBase64(), ProtoJson.Text(message));

    // Its failure goes the way of its events, to be thrown or told there.
    private static async Task FollowAsync(WorkflowsService service, WatchWorkflowRequest request, ChannelWriter<ServerEvent> events, HttpCall call)
    {
        try
        {
            await service.WatchWorkflow(request, new StreamWriter(events, call.CancellationToken), call).ConfigureAwait(false);
            events.Complete();
        }
        catch (Exception failure)
        {
            // Of any type: whoever reads the events would else wait for ever.
            events.Complete(failure);
        }
    }

    private sealed class StreamWriter(ChannelWriter<ServerEvent> events, CancellationToken cancellation) : IServerStreamWriter<WatchWorkflowResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WatchWorkflowResponse message) => events.WriteAsync(EventOf(message), cancellation).AsTask();
    }
}
