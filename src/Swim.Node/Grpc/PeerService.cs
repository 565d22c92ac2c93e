using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Swim.Core.Primitives;
using Swim.Node.Hosting;
using Swim.Node.Transport;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>Takes in what other nodes of the cluster send; anybody else is refused and counted.</summary>
internal sealed class PeerService(NodeParts parts) : Peer.PeerBase
{
    public override async System.Threading.Tasks.Task Exchange(
        IAsyncStreamReader<PeerFrames> requestStream, IServerStreamWriter<PeerCredit> responseStream, ServerCallContext context)
    {
        var from = SenderOf(context);
        ulong taken = 0;
        // The streams of others stay open as long as they run; a node that stops would wait for them.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, parts.Stopping);
        try
        {
            while (await requestStream.MoveNext(end.Token).ConfigureAwait(false))
            {
                foreach (var frame in requestStream.Current.Frames) parts.State.OnFrame(from, frame.Memory);
                taken += (ulong)requestStream.Current.Frames.Count;
                await responseStream.WriteAsync(new PeerCredit { Taken = taken }, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (parts.Stopping.IsCancellationRequested)
        {
            throw ApiErrors.Of(StatusCode.Unavailable, "STOPPING", "This node is stopping.", true);
        }
    }

    public override async Task<PeerBody> PushPull(PeerBody request, ServerCallContext context)
    {
        SenderOf(context);
        var answer = await parts.Membership.OnPushPullAsync(request.Body.Memory).WaitAsync(context.CancellationToken).ConfigureAwait(false);
        return answer is { } body
            ? new PeerBody { Body = UnsafeByteOperations.UnsafeWrap(body) }
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "Not a push-pull of this cluster."));
    }

    public override async Task<PeerBody> Ping(PeerBody request, ServerCallContext context)
    {
        SenderOf(context);
        var answer = await parts.Membership.OnStreamPingAsync(request.Body.Memory).WaitAsync(context.CancellationToken).ConfigureAwait(false);
        return answer is { } body
            ? new PeerBody { Body = UnsafeByteOperations.UnsafeWrap(body) }
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "Not a ping of this cluster for this node."));
    }

    private NodeId SenderOf(ServerCallContext context)
    {
        var cluster = context.RequestHeaders.GetValue(PeerStreams.ClusterHeader);
        var isOurs = ulong.TryParse(cluster, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id == parts.ClusterId;
        if (isOurs && NodeId.TryParse(context.RequestHeaders.GetValue(PeerStreams.NodeHeader), out var node)) return node;
        parts.Counters.Add("peer_calls_refused");
        throw new RpcException(new Status(StatusCode.PermissionDenied, "Only nodes of this cluster may call."));
    }
}
