using System.Buffers.Binary;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// The first 40 bytes of a shard's file, little-endian: magic (8), format version (4), CRC-32C of the rest (4), owner (8), base of its
/// round (8), shard (4), zero (4). The checksum seeds those of the blocks, so a block is valid only in the file it was written to.
/// </summary>
internal readonly record struct ShardHeader(NodeId Owner, long Position, int Shard)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 40;

    private static ReadOnlySpan<byte> Magic => "SWIMPART"u8;

    /// <summary>Writes the header and gives its checksum.</summary>
    public uint Write(Span<byte> destination)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], CheckpointManifest.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Owner.Value);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], Shard);
        var checksum = ChecksumOf(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], checksum);
        return checksum;
    }

    /// <summary>
    /// Reads the header and its checksum; null when it is damaged or not that of <paramref name="expected"/>. Throws for another
    /// format version.
    /// </summary>
    public static uint? TryRead(IDiskFile file, ShardHeader expected)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (file.Read(0, bytes) < Size || !bytes[..8].SequenceEqual(Magic)) return null;
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (checksum != ChecksumOf(bytes)) return null;
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != CheckpointManifest.Version) throw new LogFormatException(file.Name, version, CheckpointManifest.Version);
        var found = new ShardHeader(
            new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]));
        return found == expected ? checksum : null;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) => Crc32C.Of(bytes[16..Size], Crc32C.Of(bytes[..12]));
}
