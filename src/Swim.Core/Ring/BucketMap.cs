using System.Buffers.Binary;
using Swim.Core.Primitives;

namespace Swim.Core.Ring;

/// <summary>
/// Who owns each bucket: an immutable snapshot of the ring. Equal inputs give equal maps on every machine, in whatever order the
/// members come. Home owners are the first R distinct nodes from the bucket's place on the ring, spread over zones,
/// but none holds more than 1.10 of its share (<see cref="FairShares"/>). A dead member keeps its place, so a crash moves no data. Safe to
/// read from several threads.
/// </summary>
public sealed class BucketMap
{
    // Part of the fingerprint: to be raised when the same inputs would be placed otherwise.
    private const ulong PlacementVersion = 2;

    private readonly HashRing _ring;
    private readonly RingMember[] _members;
    private readonly NodeId[] _homeOwners;

    private readonly FairShares _shares;

    private BucketMap(HashRing ring, RingMember[] members, FairShares shares, NodeId[] homeOwners, int replicas, ulong fingerprint) =>
        (_ring, _members, _shares, _homeOwners, Replicas, Fingerprint) = (ring, members, shares, homeOwners, replicas, fingerprint);

    /// <summary>The members in the order of their ids.</summary>
    public ReadOnlySpan<RingMember> Members => _members;

    /// <summary>How many home owners each bucket has: R, or the number of members where that is less.</summary>
    public int Replicas { get; }

    /// <summary>Names this placement: equal on two nodes if and only if (but for 64-bit chance) they agree on every owner's inputs.</summary>
    public ulong Fingerprint { get; }

    /// <summary>
    /// Builds the map. <paramref name="clusterId"/> seeds the tokens; <paramref name="members"/> are all that have neither left nor
    /// been removed, each once; <paramref name="replicas"/> is R, at least 1, where more than there are members means all.
    /// </summary>
    public static BucketMap Build(ulong clusterId, IEnumerable<RingMember> members, int replicas)
    {
        Invariant.Holds(replicas >= 1, "a bucket has at least one home owner");
        var sorted = members.ToArray();
        Array.Sort(sorted, static (left, right) => left.Id.CompareTo(right.Id));
        for (var i = 1; i < sorted.Length; i++) Invariant.Holds(sorted[i - 1].Id != sorted[i].Id, "a member stands on the ring once");
        var ring = HashRing.Build(clusterId, sorted);
        var perBucket = Math.Min(replicas, sorted.Length);
        var zones = new Zones(sorted, perBucket);
        var shares = FairShares.Of(zones, Array.ConvertAll(sorted, static member => member.EffectiveWeight), perBucket);
        var owners = PlaceAll(sorted, perBucket, BoundedOwners.Place(clusterId, ring, zones, sorted, perBucket, shares));
        return new BucketMap(ring, sorted, shares, owners, perBucket, FingerprintOf(clusterId, sorted, replicas));
    }

    /// <summary>The home owners of <paramref name="bucket"/>, first owner first; empty only where there are no members.</summary>
    public ReadOnlySpan<NodeId> HomeOwners(int bucket) => _homeOwners.AsSpan(bucket * Replicas, Replicas);

    /// <summary>True when <paramref name="node"/> is a home owner of <paramref name="bucket"/>.</summary>
    public bool IsHomeOwner(int bucket, NodeId node) => HomeOwners(bucket).Contains(node);

    /// <summary>The most buckets that the member at that place of <see cref="Members"/> should hold: 1.10 of what its weight gives it, more where zones ask for it.</summary>
    public int BoundOf(int member) => FairShares.BoundOf(_shares.OfNode[member]);

    /// <summary>The same if zones did not matter: ceil(1.10 Q R / N), by weight. Who holds more does so for the sake of the spread over zones.</summary>
    public int EvenBoundOf(int member) =>
        FairShares.BoundOf(FairShares.One * Replicas * _members[member].EffectiveWeight / _members.Sum(static other => (long)other.EffectiveWeight));

    /// <summary>All members in ring order from the bucket's place, each once: who stands in, in that order. Not cached.</summary>
    public NodeId[] PreferenceList(int bucket)
    {
        var list = new List<NodeId>(_members.Length);
        Walk(Buckets.PositionOf(bucket), id => { list.Add(id); return false; });
        return [.. list];
    }

    /// <summary>
    /// Who acts for <paramref name="bucket"/> now, first owner first: the home owners that are not down and, while fewer than
    /// min(2, <paramref name="liveMembers"/>) are left, the next live nodes of the preference list as stand-ins.
    /// </summary>
    public NodeId[] ActingOwners(int bucket, Func<NodeId, bool> isDown, int liveMembers)
    {
        var acting = new List<NodeId>(Replicas);
        foreach (var home in HomeOwners(bucket))
        {
            if (!isDown(home)) acting.Add(home);
        }
        var wanted = Math.Min(2, liveMembers);
        if (acting.Count < wanted)
        {
            Walk(Buckets.PositionOf(bucket), id =>
            {
                if (!acting.Contains(id) && !isDown(id)) acting.Add(id);
                return acting.Count >= wanted;
            });
        }
        return [.. acting];
    }

    /// <summary>The first eligible node on the ring walk from <paramref name="keyHash"/>, or <see cref="NodeId.None"/>. Asks about each node once at most.</summary>
    public NodeId Next(ulong keyHash, Func<NodeId, bool> eligible) => Walk(keyHash, eligible);

    // Visits each node once in ring order until stopHere says yes; the node it stopped at, or none.
    private NodeId Walk(ulong position, Func<NodeId, bool> stopHere)
    {
        if (_members.Length == 0) return NodeId.None;
        var visited = new bool[_members.Length];
        var start = _ring.FirstAt(position);
        for (int steps = 0, left = _members.Length; left > 0; steps++)
        {
            var node = _ring.NodeAt(start, steps);
            if (visited[node]) continue;
            visited[node] = true;
            left--;
            if (stopHere(_members[node].Id)) return _members[node].Id;
        }
        return NodeId.None;
    }

    private static NodeId[] PlaceAll(RingMember[] members, int perBucket, int[] placed)
    {
        var owners = new NodeId[Buckets.CountOfAll * perBucket];
        for (var i = 0; i < placed.Length; i++) owners[i] = members[placed[i]].Id;
        // The system bucket stands where the first one does.
        owners.AsSpan(0, perBucket).CopyTo(owners.AsSpan(Buckets.System * perBucket));
        return owners;
    }

    private static ulong FingerprintOf(ulong clusterId, RingMember[] members, int replicas)
    {
        // A fixed width for each member keeps two different lists from giving the same bytes.
        var bytes = new byte[24 + (members.Length * 24)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, PlacementVersion);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), clusterId);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), replicas);
        for (var i = 0; i < members.Length; i++)
        {
            var entry = bytes.AsSpan(24 + (i * 24));
            BinaryPrimitives.WriteUInt64BigEndian(entry, members[i].Id.Value);
            BinaryPrimitives.WriteUInt64BigEndian(entry[8..], StableHash.Of(members[i].Zone));
            BinaryPrimitives.WriteInt32BigEndian(entry[16..], members[i].TokenCount);
        }
        return StableHash.Of(bytes);
    }
}
