using System.Buffers.Binary;

namespace Swim.Core.Storage;

/// <summary>
/// What stands before each record, little-endian: magic (4), CRC-32C of the rest of the head (4), length of the record (4), its position (8),
/// how many records before it were not yet durable when it was appended (4), CRC-32C of the record (4), how many buckets it touches (2),
/// those buckets (2 each). Then the record. The head is checked by itself: behind a record that cannot be read it says where the next one
/// begins and whose state is in doubt, and its magic is what a reader looks for behind a head that cannot be read.
/// </summary>
/// <param name="Size">Bytes of the head.</param>
/// <param name="Length">Bytes of the record.</param>
/// <param name="Position">The ordinal of the record, from 1.</param>
/// <param name="Undurable">How many of the records before it were still waiting for the same or an earlier flush: all before those were durable, which
/// tells a torn tail from damage.</param>
/// <param name="Checksum">Of the record.</param>
internal readonly record struct LogHead(int Size, uint Length, long Position, uint Undurable, uint Checksum)
{
    /// <summary>Bytes of a head that names no bucket.</summary>
    public const int SizeMin = BucketsAt + 2;

    /// <summary>Bytes of the longest head.</summary>
    public const int SizeMax = SizeMin + (2 * TouchedBuckets.NamedMax);

    private const int BucketsAt = 28;

    /// <summary>The first bytes of each head: such as occur in no UTF-8 text.</summary>
    public static ReadOnlySpan<byte> Magic => [0xC5, 0x1F, 0xFE, 0x52];

    /// <summary>Bytes of head and record.</summary>
    public int FrameSize => Size + (int)Length;

    /// <summary>The position up to which all was durable when this record was appended.</summary>
    public long DurableBefore => Position - 1 - Undurable;

    /// <summary>Bytes that a record of that length takes.</summary>
    public static int FrameSizeOf(int length, TouchedBuckets buckets) => BucketsAt + buckets.Size + length;

    /// <summary>Writes head and record to the start of <paramref name="destination"/>, which has room for them; <paramref name="seed"/> ties them to their file.</summary>
    public static void Write(Span<byte> destination, uint seed, long position, uint undurable, ReadOnlySpan<byte> record, TouchedBuckets buckets)
    {
        var size = BucketsAt + buckets.Size;
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], record.Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[12..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], undurable);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], Crc32C.Of(record, seed));
        buckets.Write(destination[BucketsAt..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Crc32C.Of(destination[8..size], seed));
        record.CopyTo(destination[size..]);
    }

    /// <summary>Reads a head from the start of <paramref name="bytes"/>; false when there is none as it was written.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out LogHead head)
    {
        head = default;
        if (bytes.Length < SizeMin || !bytes.StartsWith(Magic)) return false;
        if (TouchedBuckets.SizeOf(bytes[BucketsAt..]) is not { } names || BucketsAt + names > bytes.Length) return false;
        var size = BucketsAt + names;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc32C.Of(bytes[8..size], seed)) return false;
        head = new LogHead(
            size, BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        return head.Length <= CellLog.RecordBytesMax && head.Position > 0 && head.Undurable < head.Position;
    }

    /// <summary>The buckets that a head names which <see cref="TryRead"/> took from these bytes.</summary>
    public static TouchedBuckets BucketsIn(ReadOnlySpan<byte> bytes) => TouchedBuckets.Read(bytes[BucketsAt..]);
}
