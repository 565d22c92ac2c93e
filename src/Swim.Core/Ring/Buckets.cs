namespace Swim.Core.Ring;

/// <summary>
/// The fixed partition of the key space: Q buckets, the unit of ownership, replication and repair. Q never changes in the life
/// of a cluster; adding nodes moves whole buckets (Dynamo, DeCandia et al. 2007, section 6.2, strategy 3).
/// </summary>
public static class Buckets
{
    /// <summary>Q, the number of buckets.</summary>
    public const int Count = 4096;

    /// <summary>
    /// The system bucket, which follows the others: what the cluster must know of itself. Every member holds it; only its home owners write it.
    /// </summary>
    public const int System = Count;

    /// <summary>How many buckets there are with the system bucket: their numbers are in [0, <see cref="CountOfAll"/>).</summary>
    public const int CountOfAll = Count + 1;

    /// <summary>How many high bits of a hash name the bucket: log2 of <see cref="Count"/>.</summary>
    internal const int Bits = 12;

    /// <summary>
    /// The bucket of a workflow in [0, <see cref="Count"/>): the 12 high bits of <paramref name="workflowKeyHash"/>, the first
    /// 8 bytes of the workflow id. So ids sort by bucket.
    /// </summary>
    public static int BucketOf(ulong workflowKeyHash) => (int)(workflowKeyHash >> (64 - Bits));

    /// <summary>Where a bucket stands on the ring: the lowest hash that belongs to it. The system bucket stands where the first one does.</summary>
    internal static ulong PositionOf(int bucket) => (ulong)(bucket % Count) << (64 - Bits);
}
