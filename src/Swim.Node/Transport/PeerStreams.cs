using System.Globalization;
using Grpc.Core;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Node.Hosting;
using Swim.Node.Observability;
using Swim.V1;

namespace Swim.Node.Transport;

/// <summary>The streams to all peers, one for each lane. Used by the state loop alone, but for the end.</summary>
internal sealed class PeerStreams(PeerChannels channels, Func<MembersSnapshot> members, Metadata identity, Counters counters, PeerMetrics metrics) : IAsyncDisposable
{
    /// <summary>Header: who sends.</summary>
    public const string NodeHeader = "swim-node-id";

    /// <summary>Header: of which cluster.</summary>
    public const string ClusterHeader = "swim-cluster-id";

    private readonly Dictionary<(NodeId Peer, string Address, PeerLane Lane), PeerStream> _streams = [];

    /// <summary>What every call between nodes carries.</summary>
    public static Metadata IdentityOf(NodeId self, ulong clusterId) => new()
    {
        { NodeHeader, self.ToString() },
        { ClusterHeader, clusterId.ToString("x16", CultureInfo.InvariantCulture) },
    };

    /// <summary>Sends to a member; to a stranger it is dropped.</summary>
    public void Send(NodeId to, PeerMessage message)
    {
        if (!members().Members.TryGetValue(to, out var member))
        {
            counters.Add("peer_frames_to_strangers");
            return;
        }

        var frame = PeerCodec.Encode(message);
        if (frame.Length > PeerCodec.FrameBytesMax)
        {
            counters.Add("peer_frames_too_large");
            return;
        }

        var address = member.Meta.GrpcAddress;
        if (!_streams.TryGetValue((to, address, message.Lane), out var stream))
            _streams[(to, address, message.Lane)] = stream = new PeerStream(() => new Peer.PeerClient(channels.To(address)), identity, counters);
        metrics.FrameSent(message, frame.Length);
        stream.Send(frame);
    }

    /// <summary>Closes the streams to members that left.</summary>
    public void Keep(MembersSnapshot known)
    {
        foreach (var key in _streams.Keys.ToList())
        {
            var isCurrent = known.Members.TryGetValue(key.Peer, out var member) && member.State != Core.Membership.MemberState.Left && member.Meta.GrpcAddress == key.Address;
            if (!isCurrent && _streams.Remove(key, out var stream)) _ = stream.DisposeAsync().AsTask();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams.Values) await stream.DisposeAsync().ConfigureAwait(false);
    }
}
