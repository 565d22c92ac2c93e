using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// Reads one file of a checkpoint. Gives every block that is as it was written, and names the buckets of which it cannot: those whose
/// block is damaged, and where the file is missing or cannot be followed, all that were not found.
/// </summary>
internal sealed class ShardReader(IDisk disk, NodeId owner, int shard, ShardEntry entry)
{
    /// <summary>The file of a shard of which no manifest says how long it is.</summary>
    public ShardReader(IDisk disk, NodeId owner, int shard, long position)
        : this(disk, owner, shard, new ShardEntry(position, 0, long.MaxValue))
    {
    }

    private readonly SortedSet<int> _missing = [.. Shards.BucketsOf(shard)];
    private readonly SortedSet<int> _damaged = [];
    private int _found;

    /// <summary>Its name.</summary>
    public string Name { get; } = Shards.NameOf(shard, entry.Position);

    /// <summary>Reads all of it; <paramref name="onBlock"/> gets bytes that are valid only during the call. Gives the damaged buckets.</summary>
    public SortedSet<int> Read(Action<int, ReadOnlyMemory<byte>> onBlock)
    {
        var isFollowed = disk.List().Contains(Name) && ReadFile(onBlock);
        if (!isFollowed) _damaged.UnionWith(_missing);
        return _damaged;
    }

    private bool ReadFile(Action<int, ReadOnlyMemory<byte>> onBlock)
    {
        using var file = disk.Open(Name);
        if (ShardHeader.TryRead(file, new ShardHeader(owner, entry.Position, shard)) is not { } seed) return false;
        var head = new byte[BlockHeader.Size];
        var end = Math.Min(file.Length, entry.Bytes);
        long at = ShardHeader.Size;
        while (at + BlockHeader.Size <= end && file.Read(at, head) == head.Length)
        {
            if (!BlockHeader.TryRead(head, seed, out var header) || header.Length < 0 || header.Length > end - at - head.Length) return false;
            _found++;
            ReadBlock(file, at + head.Length, header, seed, onBlock);
            at += head.Length + header.Length;
        }

        return at == entry.Bytes && _found == entry.Blocks;
    }

    private void ReadBlock(IDiskFile file, long at, BlockHeader header, uint seed, Action<int, ReadOnlyMemory<byte>> onBlock)
    {
        var block = new byte[header.Length];
        var isWhole = file.Read(at, block) == block.Length && Crc32C.Of(block, seed) == header.Checksum;
        _missing.Remove(header.Bucket);
        if (isWhole) onBlock(header.Bucket, block);
        else _damaged.Add(header.Bucket);
    }
}
