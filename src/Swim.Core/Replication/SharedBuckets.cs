using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>Which buckets a node compares with another.</summary>
internal sealed class SharedBuckets(ReplicaState state)
{
    /// <summary>What this node holds and the peer should, as an owner or as a former one, and what else of its own the peer asks for.</summary>
    public List<Bucket> OfferedTo(NodeId peer, BucketSet? asked) =>
        [.. state.Store.Buckets.Where(bucket => bucket.IsInUse && (state.Placement.Holds(peer, bucket.Number) || IsAsked(asked, bucket.Number)))];

    /// <summary>What both should hold, and this node does. What it should not it hands over, and needs no news of.</summary>
    public IEnumerable<Bucket> CommonWith(NodeId peer) => OfferedTo(peer, null).Where(bucket => state.Placement.Holds(bucket.Number));

    /// <summary>A hash over buckets: equal where nothing differs.</summary>
    public static ulong RootOf(IEnumerable<Bucket> buckets)
    {
        ulong root = 0;
        foreach (var bucket in buckets) root = StableHash.Of((ulong)bucket.Number, bucket.Signature(), root);
        return root;
    }

    /// <summary>The digest of each bucket.</summary>
    public static List<BucketDigest> DigestsOf(IEnumerable<Bucket> buckets) => [.. buckets.Select(static bucket => new BucketDigest(bucket.Number, bucket.Signature()))];

    /// <summary>What is said to an opener of what is offered to it: digests of the buckets, or of the groups where that is less.</summary>
    public PeerMessage AnswerTo(NodeId opener, RepairOpen open, bool isEqual, IEnumerable<Bucket> offered)
    {
        // One whose disk is older than it was must not number writes under an id whose entries may be forgotten.
        var newest = state.Store.Writers.NewestOf(WriterId.FamilyOf(opener));
        var digests = isEqual ? [] : DigestsOf(offered);
        var (ring, wallMs) = (state.Placement.Map.Fingerprint, state.Now.WallMs);
        if (open.Groups is null && digests.Count > BucketGroups.DirectMax) return new RepairGroups(open.Exchange, BucketGroups.DigestsOf(digests), ring, wallMs) { Newest = newest };
        if (open.Groups is { } groups) digests.RemoveAll(digest => !groups.Contains(BucketGroups.Of(digest.Bucket)));
        return new RepairDigests(open.Exchange, isEqual, digests, ring, wallMs) { Newest = newest };
    }

    /// <summary>What an answerer said besides its digests.</summary>
    public void Note(RepairExchange exchange, ulong ring, long wallMs, ulong newest)
    {
        exchange.Note(ring, wallMs);
        state.Store.Writers.Note(newest);
    }

    private static bool IsAsked(BucketSet? asked, int bucket) => bucket < Buckets.Count && asked?.Contains(bucket) == true;
}
