namespace Swim.Node.Disk;

/// <summary>Bounds of a <see cref="DiskWriter"/>.</summary>
public sealed record DiskWriterOptions
{
    /// <summary>How many records may wait for the disk. Default 65,536.</summary>
    public int QueueRecordsMax { get; init; } = 65_536;

    /// <summary>How many bytes may wait for the disk; a longer record waits for an empty queue. Default 64 MiB.</summary>
    public long QueueBytesMax { get; init; } = 64 << 20;

    /// <summary>How long to wait before a full disk is tried again. Default 1 s.</summary>
    public TimeSpan FullRetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>All that is wrong with these values; empty when they can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (QueueRecordsMax < 1) yield return $"{nameof(QueueRecordsMax)} ({QueueRecordsMax}) must be at least 1.";
        if (QueueBytesMax < 1) yield return $"{nameof(QueueBytesMax)} ({QueueBytesMax}) must be at least 1.";
        if (FullRetryInterval <= TimeSpan.Zero) yield return $"{nameof(FullRetryInterval)} ({FullRetryInterval}) must be positive.";
    }
}
