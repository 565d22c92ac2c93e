namespace Swim.Core.Ring;

/// <summary>
/// Gives each bucket members, none more buckets than its bound: deferred acceptance (Gale, Shapley 1962, with quotas on both sides). Buckets ask whom they like best; a
/// member above its bound refuses those it ranks last, and they ask the next. The outcome does not depend on the order of asking, and a
/// change of one member changes little, since ranks stay. Buckets that end up short are completed by <see cref="Rearrangement"/>.
/// </summary>
internal sealed class BoundedMatching
{
    private static readonly Comparer<ulong> LastFirst = Comparer<ulong>.Create(static (left, right) => right.CompareTo(left));

    private readonly IBucketWish _wish;
    private readonly Func<int, int, ulong> _rank;
    private readonly int[] _bounds;
    private readonly int _perBucket;
    private readonly int[] _chosen;
    private readonly int[] _counts = new int[Buckets.Count];
    private readonly List<int>?[] _refused = new List<int>?[Buckets.Count];
    private readonly PriorityQueue<int, ulong>[] _held;
    private readonly Queue<int> _crowded = new();

    private BoundedMatching(IBucketWish wish, int perBucket, int[] bounds, Func<int, int, ulong> rank)
    {
        (_wish, _perBucket, _bounds, _rank) = (wish, perBucket, bounds, rank);
        _chosen = new int[Buckets.Count * perBucket];
        _held = Array.ConvertAll(bounds, static _ => new PriorityQueue<int, ulong>(LastFirst));
    }

    /// <summary>
    /// The members of each bucket, <paramref name="perBucket"/> of them, in the order of the wish. <paramref name="rank"/> of (node, bucket): members
    /// keep the lowest. A bound is exceeded only where nothing else completes a bucket.
    /// </summary>
    public static int[] Run(IBucketWish wish, int perBucket, int[] bounds, Func<int, int, ulong> rank)
    {
        var matching = new BoundedMatching(wish, perBucket, bounds, rank);
        for (var bucket = 0; bucket < Buckets.Count; bucket++) matching.Ask(bucket);
        while (matching._crowded.TryDequeue(out var node)) matching.RefuseBeyondBound(node);
        new Rearrangement(wish, perBucket, bounds, matching._chosen, matching._counts).Complete();
        return matching._chosen;
    }

    private void Ask(int bucket)
    {
        Span<int> before = stackalloc int[_counts[bucket]];
        var row = _chosen.AsSpan(bucket * _perBucket, _perBucket);
        row[.._counts[bucket]].CopyTo(before);
        _counts[bucket] = _wish.Choose(bucket, Refused(bucket), row);
        foreach (var node in row[.._counts[bucket]])
        {
            if (!before.Contains(node)) Take(node, bucket);
        }
    }

    private void Take(int node, int bucket)
    {
        // The bucket in the low bits: no two of a member's buckets have one rank.
        _held[node].Enqueue(bucket, (_rank(node, bucket) & ~(ulong)(Buckets.Count - 1)) | (uint)bucket);
        if (_held[node].Count == _bounds[node] + 1) _crowded.Enqueue(node);
    }

    private void RefuseBeyondBound(int node)
    {
        while (_held[node].Count > _bounds[node])
        {
            var bucket = _held[node].Dequeue();
            (_refused[bucket] ??= []).Add(node);
            Ask(bucket);
        }
    }

    private ReadOnlySpan<int> Refused(int bucket) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_refused[bucket]);
}
