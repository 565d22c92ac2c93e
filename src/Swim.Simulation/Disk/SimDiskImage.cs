namespace Swim.Simulation.Disk;

/// <summary>What was durable on a disk at one moment: each file's name and bytes.</summary>
public sealed record SimDiskImage(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Files)
{
    /// <summary>A new disk.</summary>
    public static readonly SimDiskImage Empty = new([]);
}
