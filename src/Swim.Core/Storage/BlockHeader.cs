using System.Buffers.Binary;

namespace Swim.Core.Storage;

/// <summary>
/// What stands before each block of a shard's file, little-endian: CRC-32C of the 12 bytes that follow (4), bucket (4), length (4),
/// CRC-32C of the block (4). Checked by itself, so that behind a damaged block the next one is found.
/// </summary>
internal readonly record struct BlockHeader(int Bucket, int Length, uint Checksum)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 16;

    /// <summary>Writes the header; <paramref name="seed"/> ties it to its file.</summary>
    public void Write(Span<byte> destination, uint seed)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Bucket);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Crc32C.Of(destination[4..Size], seed));
    }

    /// <summary>Reads a header; false when it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out BlockHeader header)
    {
        header = new BlockHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Crc32C.Of(bytes[4..Size], seed);
    }
}
