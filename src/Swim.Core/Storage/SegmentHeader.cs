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
    public const uint Version = 2;

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

    /// <summary>
    /// True when the header of <paramref name="file"/> is this one. False when it is damaged: then all that it says is known anyhow. Throws where it
    /// is whole and another: <see cref="LogFormatException"/>, or <see cref="CorruptLogException"/> for another node's or another place's file.
    /// </summary>
    public bool IsAtStartOf(IDiskFile file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (TryRead(file, bytes) is not { } found) return false;
        if (found.FirstPosition != FirstPosition) throw new CorruptLogException(file.Name, 0, $"the file starts with record {found.FirstPosition}");
        if (found.Owner != Owner) throw new CorruptLogException(file.Name, 0, $"the file was written by node {found.Owner}, this is node {Owner}");
        return true;
    }

    /// <summary>The header of <paramref name="file"/>; null when it is damaged. Throws for another format version: the header's own form never changes.</summary>
    public static SegmentHeader? TryRead(IDiskFile file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return TryRead(file, bytes);
    }

    private static SegmentHeader? TryRead(IDiskFile file, Span<byte> bytes)
    {
        if (file.Read(0, bytes) < Size || !bytes[..8].SequenceEqual(Magic)) return null;
        // First the checksum: a flipped bit makes no other version.
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != ChecksumOf(bytes)) return null;
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version) throw new LogFormatException(file.Name, version, Version);
        return new SegmentHeader(
            new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
    }

    /// <summary>The checksum of the header, which seeds those of the frames.</summary>
    public uint Seed => Write(stackalloc byte[Size]);

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) => Crc32C.Of(bytes[16..Size], Crc32C.Of(bytes[..12]));
}
