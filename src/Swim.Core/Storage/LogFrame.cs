using System.Buffers.Binary;

namespace Swim.Core.Storage;

/// <summary>
/// One record on disk, little-endian: CRC-32C of all that follows (4), payload length (4), position (8), how many records before it
/// were not yet durable when it was appended (4), payload. The last number tells a torn tail from damage: a valid frame behind a bad
/// one proves damage exactly if it was appended after the bad one had become durable.
/// </summary>
/// <param name="Position">The ordinal of the record, from 1.</param>
/// <param name="Undurable">How many of the records before it were still waiting for the same or an earlier flush.</param>
/// <param name="Payload">The record; valid only until the reader moves on.</param>
internal readonly record struct LogFrame(long Position, uint Undurable, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 20;

    /// <summary>Bytes on disk.</summary>
    public int Size => HeaderSize + Payload.Length;

    /// <summary>Writes a frame to the start of <paramref name="destination"/>, which has room for it.</summary>
    public static void Write(Span<byte> destination, uint seed, long position, uint undurable, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], undurable);
        payload.CopyTo(destination[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Crc32C.Of(destination[4..(HeaderSize + payload.Length)], seed));
    }

    /// <summary>Reads the fields before the payload; none of them can be trusted yet.</summary>
    public static (uint Checksum, uint Length, long Position, uint Undurable) ReadHeader(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
         BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));
}
