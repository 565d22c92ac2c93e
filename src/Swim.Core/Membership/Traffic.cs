using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// When each member was last heard of by itself: whoever talks is not dead, whether or not it answers pings. Hearsay does not count, nor
/// an ack that nobody waits for. One entry for each member, so bounded by the table. Owned by one loop.
/// </summary>
internal sealed class Traffic
{
    private readonly Dictionary<NodeId, long> _heardTicks = [];

    /// <summary>When anybody at all was last heard of, or the node began.</summary>
    public long LatestTicks { get; private set; }

    /// <summary>A packet of the member came.</summary>
    public void OnPacket(NodeId id, Now now)
    {
        _heardTicks[id] = now.Ticks;
        OnAnything(now);
    }

    /// <summary>Something else came that shows that this node hears, or it begins.</summary>
    public void OnAnything(Now now) => LatestTicks = now.Ticks;

    /// <summary>When the member was last heard of; null when never.</summary>
    public long? LastHeard(NodeId id) => _heardTicks.TryGetValue(id, out var ticks) ? ticks : null;

    /// <summary>True when the member was heard of after <paramref name="ticks"/>.</summary>
    public bool IsHeardSince(NodeId id, long ticks) => LastHeard(id) > ticks;
}
