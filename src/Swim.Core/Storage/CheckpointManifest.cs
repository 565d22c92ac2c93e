using System.Buffers.Binary;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// Names the files that make up the newest checkpoint. Replaced at one stroke, so a checkpoint is there whole or not at all.
/// Little-endian: magic (8), format version (4), CRC-32C of the rest (4), owner (8), base (8), through (8), number of shards (4),
/// length of meta (4), then per shard its number (4), blocks (4), position (8) and length in bytes (8), then meta.
/// </summary>
/// <param name="Owner">The node whose state this is.</param>
/// <param name="Base">What the records up to this position wrote is in the shards: they need no replay.</param>
/// <param name="Through">The log was durable up to this position when the checkpoint became the newest.</param>
/// <param name="Shards">Its files by shard; a shard without one holds nothing.</param>
/// <param name="Meta">What the state core says of the node as a whole.</param>
internal sealed record CheckpointManifest(
    NodeId Owner, long Base, long Through, IReadOnlyDictionary<int, ShardEntry> Shards, ReadOnlyMemory<byte> Meta)
{
    /// <summary>The one format version this program reads and writes, of this file and of the shards'.</summary>
    public const uint Version = 1;

    /// <summary>Its name.</summary>
    public const string Name = "checkpoint";

    /// <summary>Most bytes of <see cref="Meta"/>.</summary>
    public const int MetaBytesMax = 64 << 10;

    private const int HeadBytes = 48, EntryBytes = 24;

    private static ReadOnlySpan<byte> Magic => "SWIMCKPT"u8;

    /// <summary>Makes it the newest, durably.</summary>
    public void Write(IDisk disk)
    {
        Invariant.Holds(Meta.Length <= MetaBytesMax, "what a checkpoint says of the node is small");
        var bytes = new byte[HeadBytes + (Shards.Count * EntryBytes) + Meta.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Owner.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Base);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), Through);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), Shards.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(44), Meta.Length);
        var at = HeadBytes;
        foreach (var (shard, entry) in Shards.OrderBy(static entry => entry.Key))
        {
            entry.Write(bytes.AsSpan(at), shard);
            at += EntryBytes;
        }

        Meta.Span.CopyTo(bytes.AsSpan(at));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), ChecksumOf(bytes));
        AtomicFile.Write(disk, Name, bytes);
    }

    /// <summary>The newest checkpoint, or null where there is none. Throws when it is damaged, of another format or of another node.</summary>
    public static CheckpointManifest? TryRead(IDisk disk)
    {
        if (AtomicFile.TryRead(disk, Name) is not { } bytes) return null;
        if (bytes.Length < HeadBytes || !bytes.AsSpan(0, 8).SequenceEqual(Magic)) throw new CorruptLogException(Name, 0, "this is no checkpoint");
        // First the checksum: a flipped bit makes no other version.
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)) != ChecksumOf(bytes)) throw new CorruptLogException(Name, 0, "the checkpoint has a bad checksum");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (version != Version) throw new LogFormatException(Name, version, Version);
        var (count, meta) = (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(40)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(44)));
        if (count is < 0 or > Storage.Shards.Count || meta < 0 || bytes.Length != HeadBytes + (count * EntryBytes) + (long)meta)
            throw new CorruptLogException(Name, 40, "the checkpoint has a wrong length");
        var shards = new SortedDictionary<int, ShardEntry>();
        for (var i = 0; i < count; i++) shards[ShardEntry.Read(bytes.AsSpan(HeadBytes + (i * EntryBytes)), out var entry)] = entry;
        return new CheckpointManifest(
            new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16))),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(32)), shards, bytes.AsMemory(bytes.Length - meta));
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) => Crc32C.Of(bytes[16..], Crc32C.Of(bytes[..12]));
}

/// <summary>One file of a checkpoint.</summary>
/// <param name="Position">The base of the round that wrote it; part of its name.</param>
/// <param name="Blocks">How many buckets it holds.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct ShardEntry(long Position, int Blocks, long Bytes)
{
    /// <summary>Writes 24 bytes.</summary>
    public void Write(Span<byte> destination, int shard)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, shard);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Blocks);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Bytes);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; gives the shard's number.</summary>
    public static int Read(ReadOnlySpan<byte> bytes, out ShardEntry entry)
    {
        entry = new ShardEntry(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
