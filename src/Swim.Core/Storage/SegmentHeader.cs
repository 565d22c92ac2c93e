using System.Buffers.Binary;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// The first 32 bytes of every log file, little-endian: magic (8), format version (4), CRC-32C of the rest (4), owner (8), position
/// of the first record (8). The checksum seeds those of the frames, so a frame is valid only in the file it was written to.
/// </summary>
internal readonly record struct SegmentHeader(NodeId Owner, long FirstPosition)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 32;

    /// <summary>The one format version this program reads and writes.</summary>
    public const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "SWIMCELL"u8;

    /// <summary>Writes the header and gives its checksum.</summary>
    public uint Write(Span<byte> destination)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Owner.Value);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], FirstPosition);
        var checksum = ChecksumOf(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], checksum);
        return checksum;
    }

    /// <summary>Reads the header of <paramref name="file"/> and its checksum. Throws when it is damaged or of another format.</summary>
    public static SegmentHeader Read(IDiskFile file, out uint checksum)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (file.Read(0, bytes) < Size) throw new CorruptLogException(file.Name, 0, "the header is cut off");
        if (!bytes[..8].SequenceEqual(Magic)) throw new CorruptLogException(file.Name, 0, "this is no cell log");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version) throw new LogFormatException(file.Name, version, Version);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (checksum != ChecksumOf(bytes)) throw new CorruptLogException(file.Name, 0, "the header has a bad checksum");
        return new SegmentHeader(
            new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) => Crc32C.Of(bytes[16..Size], Crc32C.Of(bytes[..12]));
}
