using Swim.Core.Primitives;

namespace Swim.Core.Ring;

/// <summary>
/// Completes the buckets that a matching left short since every member they may have is at its bound: along a shortest chain of trades from
/// a member that may take the bucket to one with room (an augmenting path). Where there is none, the least laden of those that may takes it above its bound.
/// </summary>
internal sealed class Rearrangement(IBucketWish wish, int perBucket, int[] bounds, int[] chosen, int[] counts)
{
    private readonly int[] _loads = new int[bounds.Length];
    private readonly int[] _parent = new int[bounds.Length];
    private readonly int[] _traded = new int[bounds.Length];

    /// <summary>Completes every bucket, in their order.</summary>
    public void Complete()
    {
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            foreach (var node in Row(bucket)) _loads[node]++;
        }

        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            while (counts[bucket] < perBucket) CompleteByOne(bucket);
        }
    }

    private Span<int> Row(int bucket) => chosen.AsSpan(bucket * perBucket, counts[bucket]);

    private void CompleteByOne(int bucket)
    {
        var taker = FindRoom(bucket) is { } withRoom ? TradeBack(withRoom) : LeastLaden(bucket);
        if (taker is not { } node) return;
        chosen[(bucket * perBucket) + counts[bucket]++] = node;
        _loads[node]++;
    }

    // Breadth first from those that may take the bucket; the first member found with room.
    private int? FindRoom(int bucket)
    {
        Array.Fill(_parent, int.MinValue);
        var open = new Queue<int>();
        for (var node = 0; node < bounds.Length; node++)
        {
            if (!wish.MayTake(bucket, Row(bucket), node)) continue;
            _parent[node] = -1;
            if (_loads[node] < bounds[node]) return node;
            open.Enqueue(node);
        }

        while (open.TryDequeue(out var node))
        {
            if (ReachFrom(node, bucket, open) is { } found) return found;
        }

        return null;
    }

    private int? ReachFrom(int node, int shortBucket, Queue<int> open)
    {
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            if (bucket == shortBucket || !Row(bucket).Contains(node)) continue;
            for (var other = 0; other < bounds.Length; other++)
            {
                if (_parent[other] != int.MinValue || !wish.MayTrade(bucket, Row(bucket), node, other)) continue;
                (_parent[other], _traded[other]) = (node, bucket);
                if (_loads[other] < bounds[other]) return other;
                open.Enqueue(other);
            }
        }

        return null;
    }

    // Whom the trades leave with room. A bucket met twice on the chain may not be able to trade again: none then, but a nearer member has room now.
    private int? TradeBack(int end)
    {
        var node = end;
        while (_parent[node] is >= 0 and var giver)
        {
            var row = Row(_traded[node]);
            if (!wish.MayTrade(_traded[node], row, giver, node)) return null;
            row[row.IndexOf(giver)] = node;
            _loads[node]++;
            _loads[giver]--;
            node = giver;
        }

        return node;
    }

    private int? LeastLaden(int bucket)
    {
        var least = -1;
        for (var node = 0; node < bounds.Length; node++)
        {
            if (wish.MayTake(bucket, Row(bucket), node) && (least < 0 || (long)_loads[node] * bounds[least] < (long)_loads[least] * bounds[node])) least = node;
        }

        Invariant.Holds(least >= 0, "a bucket that lacks an owner may have one");
        return least;
    }
}
