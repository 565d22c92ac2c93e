using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>How a <see cref="CellLog"/> lays out its files.</summary>
public sealed record CellLogOptions
{
    /// <summary>The largest <see cref="SegmentBytes"/>: 1 GiB.</summary>
    public const int SegmentBytesMax = 1 << 30;

    /// <summary>The node whose log this is. A file written by another node is refused, so a copied data directory is noticed.</summary>
    public NodeId Owner { get; init; }

    /// <summary>The size of one file, taken and zeroed when it is created; a record that needs more gets a larger file. Default 64 MiB.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>How many bytes may wait for a flush before an append makes one by itself. Default 8 MiB.</summary>
    public int PendingBytesMax { get; init; } = 8 << 20;

    /// <summary>
    /// How many bytes of records make a new checkpoint due; more where the checkpoint itself is larger, so that writing it never costs
    /// more than the records did. Default 64 MiB.
    /// </summary>
    public long CheckpointBytes { get; init; } = 64 << 20;

    /// <summary>
    /// True: what was durable and cannot be read is stepped over, and the buckets it may have touched are named as in doubt; for who can get
    /// them elsewhere, or wants to go on without. False, the default: it refuses to open the log.
    /// </summary>
    public bool AcceptsDamage { get; init; }

    /// <summary>All that is wrong with these values; empty when they can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (SegmentBytes is < SegmentHeader.Size or > SegmentBytesMax)
            yield return $"{nameof(SegmentBytes)} ({SegmentBytes}) must lie between {SegmentHeader.Size} and {SegmentBytesMax}.";
        if (PendingBytesMax < 0)
            yield return $"{nameof(PendingBytesMax)} ({PendingBytesMax}) must not be negative.";
        if (CheckpointBytes < 1)
            yield return $"{nameof(CheckpointBytes)} ({CheckpointBytes}) must be at least 1.";
    }
}
