using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// How long to await each peer, learnt from its answers and from the mistakes made about it. One entry for each peer that was heard of,
/// so bounded by the table. Owned by one loop.
/// </summary>
internal sealed class PeerTimeouts(SwimOptions options)
{
    private readonly Dictionary<NodeId, PeerTimeout> _peers = [];

    /// <summary>How long to await a direct answer of a peer, without its penalty and the own health.</summary>
    public TimeSpan BaseOf(NodeId id) => _peers.TryGetValue(id, out var peer) ? peer.Base : options.ProbeTimeout;

    /// <summary>What mistakes about the peer add to that, and to the shortest suspicion of it.</summary>
    public TimeSpan PenaltyOf(NodeId id, Now now) => !Planted.Is(Mutant.PenaltyForgotten) && _peers.TryGetValue(id, out var peer) ? peer.Penalty(now) : TimeSpan.Zero;

    /// <summary>A peer answered a ping directly, in time or late.</summary>
    public void OnAnswer(NodeId id, TimeSpan took, Now now)
    {
        if (options.LearnsTimeouts) Entry(id).OnAnswer(took, now);
    }

    /// <summary>A peer was suspected or held dead here and turned out to be there.</summary>
    public void OnMistake(NodeId id, Now now)
    {
        if (options.LearnsTimeouts) Entry(id).OnMistake(now);
    }

    /// <summary>A new life of the peer, or none: what was learnt of the old one no longer counts.</summary>
    public void Forget(NodeId id) => _peers.Remove(id);

    private PeerTimeout Entry(NodeId id)
    {
        if (!_peers.TryGetValue(id, out var peer)) _peers[id] = peer = new PeerTimeout(options);
        return peer;
    }
}
