using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>Writes one file of a checkpoint under a temporary name. Until <see cref="Complete"/> a crash leaves nothing but that.</summary>
internal sealed class ShardWriter : IDisposable
{
    private readonly IDisk _disk;
    private readonly ShardHeader _header;
    private readonly IDiskFile _file;
    private readonly uint _seed;
    private int _blocks;
    private long _end = ShardHeader.Size;

    /// <summary>Begins the file that <paramref name="header"/> names.</summary>
    public ShardWriter(IDisk disk, ShardHeader header)
    {
        (_disk, _header) = (disk, header);
        DeleteUnfinished(disk);
        _file = disk.Create(Shards.NextName, 0);
        var head = new byte[ShardHeader.Size];
        _seed = header.Write(head);
        _file.Write(0, head);
    }

    /// <summary>Which shard it is of.</summary>
    public int Shard => _header.Shard;

    /// <summary>Appends blocks with one write; they are durable once the file is complete.</summary>
    public void Add(IReadOnlyList<CheckpointBlock> blocks)
    {
        if (blocks.Count == 0) return;
        var bytes = new byte[blocks.Sum(static block => BlockHeader.Size + block.Bytes.Length)];
        var at = 0;
        foreach (var block in blocks)
        {
            Invariant.Holds(Shards.Of(block.Bucket) == Shard, "a block lies in the file of its shard");
            new BlockHeader(block.Bucket, block.Bytes.Length, Crc32C.Of(block.Bytes.Span, _seed)).Write(bytes.AsSpan(at), _seed);
            block.Bytes.Span.CopyTo(bytes.AsSpan(at + BlockHeader.Size));
            at += BlockHeader.Size + block.Bytes.Length;
        }

        _file.Write(_end, bytes);
        _end += bytes.Length;
        _blocks += blocks.Count;
    }

    /// <summary>Makes the content durable and gives the file its name. The name is durable once the directory is synced.</summary>
    public ShardEntry Complete()
    {
        _file.SyncData();
        _file.Dispose();
        _disk.Rename(Shards.NextName, Shards.NameOf(Shard, _header.Position));
        return new ShardEntry(_header.Position, _blocks, _end);
    }

    /// <summary>Closes the file, whatever its state.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Removes what a crash left of a file that was not complete.</summary>
    public static void DeleteUnfinished(IDisk disk)
    {
        if (disk.List().Contains(Shards.NextName)) disk.Delete(Shards.NextName);
    }
}
