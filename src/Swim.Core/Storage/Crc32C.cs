using System.Buffers.Binary;
using System.Numerics;

namespace Swim.Core.Storage;

/// <summary>CRC-32C (Castagnoli; RFC 3720 section 12.1) over spans, in chunks of 8 bytes where the processor has the instruction.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>. Starting from another checksum as <paramref name="seed"/> ties the two together.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var last in bytes) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
