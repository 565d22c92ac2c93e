using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>How far a member is.</summary>
/// <param name="Id">The member.</param>
/// <param name="Latest">The latest round trip that was measured.</param>
/// <param name="MeasuredTicks">Monotonic time of that.</param>
/// <param name="Coordinate">Where it stands by its own word; null when it has said nothing of use.</param>
public sealed record PeerDistance(NodeId Id, TimeSpan Latest, long MeasuredTicks, Coordinate? Coordinate);

/// <summary>
/// What this node measures of its way to the others, and its own coordinate made of it. One entry for each member that answered, so bounded by
/// the table. Owned by one loop.
/// </summary>
internal sealed class PeerDistances(NodeId self)
{
    private readonly SortedDictionary<NodeId, Peer> _peers = [];
    // Its own: where nodes stand must not change whom they probe.
    private readonly Vivaldi _vivaldi = new(new Prng(StableHash.Of(self.Value, Coordinate.Dimensions)));
    private byte[]? _encoded;

    /// <summary>Where this node stands.</summary>
    public Coordinate Own => _vivaldi.Own;

    /// <summary>The same as acks carry it.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded ??= Own.Encode();

    /// <summary>All that was measured, ascending by id.</summary>
    public IReadOnlyList<PeerDistance> All => [.. _peers.Select(static peer => peer.Value.At(peer.Key))];

    /// <summary>
    /// A direct answer took this long and was in time; <paramref name="told"/> is the coordinate in it, empty where there was none. False when that one cannot be used.
    /// The median of the latest three round trips to the peer counts: one that was held up moves nothing (Ledlie et al. 2007, section 4).
    /// </summary>
    public bool OnRoundTrip(NodeId id, TimeSpan took, ReadOnlySpan<byte> told, Now now)
    {
        if (!_peers.TryGetValue(id, out var peer)) _peers[id] = peer = new Peer();
        peer.Add(took, now);
        if (told.IsEmpty) return true;
        if (Coordinate.TryDecode(told) is not { } coordinate) return false;
        peer.Coordinate = coordinate;
        if (_vivaldi.Move(coordinate, peer.Median.TotalMilliseconds)) _encoded = null;
        return true;
    }

    /// <summary>A new life of the peer, or none: it may stand elsewhere.</summary>
    public void Forget(NodeId id) => _peers.Remove(id);

    private sealed class Peer
    {
        // What is not there yet: of one the median is itself, of two the shorter.
        private TimeSpan _latest = TimeSpan.MinValue;
        private TimeSpan _before = TimeSpan.MaxValue;
        private TimeSpan _first;
        private long _ticks;

        public Coordinate? Coordinate { get; set; }

        public TimeSpan Median
        {
            get
            {
                var (low, high) = _latest < _before ? (_latest, _before) : (_before, _latest);
                return _first < low ? low : _first > high ? high : _first;
            }
        }

        public void Add(TimeSpan took, Now now) => (_first, _before, _latest, _ticks) = (_before, _latest, took, now.Ticks);

        public PeerDistance At(NodeId id) => new(id, _latest, _ticks, Coordinate);
    }
}
