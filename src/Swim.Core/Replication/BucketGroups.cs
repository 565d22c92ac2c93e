using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>
/// Buckets in groups of 64 with a digest each, so that one bucket of thousands that differs is found with a digest of each group and then
/// one of each bucket in its group, and not with one of every bucket.
/// </summary>
internal static class BucketGroups
{
    /// <summary>How many groups there are; the system bucket is in one of its own.</summary>
    public const int Count = ((Buckets.CountOfAll - 1) / Size) + 1;

    /// <summary>Up to so many buckets have their digests sent at once, which takes less than those of the groups. Few, so that runs of the simulator pass both ways.</summary>
    public const int DirectMax = 4;

    private const int Size = 64;

    /// <summary>The group of a bucket.</summary>
    public static int Of(int bucket) => bucket / Size;

    /// <summary>The digest of each group, of the digests of its buckets in ascending order; 0 where it has none.</summary>
    public static ulong[] DigestsOf(IEnumerable<BucketDigest> digests)
    {
        var groups = new ulong[Count];
        foreach (var digest in digests)
        {
            ref var group = ref groups[Of(digest.Bucket)];
            group = StableHash.Of((ulong)digest.Bucket, digest.Digest, group);
        }

        return groups;
    }

    /// <summary>The groups of which the digests differ, ascending.</summary>
    public static SortedSet<int> Differing(IReadOnlyList<ulong> mine, IReadOnlyList<ulong> theirs) =>
        [.. Enumerable.Range(0, Count).Where(group => mine[group] != theirs[group])];
}
