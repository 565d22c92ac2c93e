using System.Buffers.Binary;

namespace Swim.Core.Replication.Riblt;

/// <summary>
/// Bytes of coded symbols, one after the other: 8 of the sum and 4 of the check, little endian, and the count as a signed LEB128 number
/// (zigzag), which is short since counts shrink with the index.
/// </summary>
public static class SymbolCodec
{
    private const int FixedBytes = 12;

    /// <summary>Fewest bytes that a symbol takes.</summary>
    public const int SymbolBytesMin = FixedBytes + 1;

    /// <summary>Most bytes that a symbol takes.</summary>
    public const int SymbolBytesMax = FixedBytes + 5;

    /// <summary>The bytes of <paramref name="symbols"/>.</summary>
    public static byte[] Write(IReadOnlyList<CodedSymbol> symbols)
    {
        var bytes = new List<byte>(symbols.Count * (FixedBytes + 2));
        Span<byte> part = stackalloc byte[FixedBytes];
        foreach (var symbol in symbols)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(part, symbol.Sum);
            BinaryPrimitives.WriteUInt32LittleEndian(part[8..], symbol.Check);
            bytes.AddRange(part);
            var count = (uint)((symbol.Count << 1) ^ (symbol.Count >> 31));
            for (; count >= 0x80; count >>= 7) bytes.Add((byte)(count | 0x80));
            bytes.Add((byte)count);
        }

        return [.. bytes];
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false on anything else and on more than <paramref name="max"/> symbols.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int max, out IReadOnlyList<CodedSymbol> symbols)
    {
        var read = new List<CodedSymbol>();
        symbols = read;
        while (!bytes.IsEmpty)
        {
            if (read.Count == max || bytes.Length < SymbolBytesMin) return false;
            var sum = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            var check = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            bytes = bytes[FixedBytes..];
            if (!TryReadCount(ref bytes, out var count)) return false;
            read.Add(new CodedSymbol(sum, check, count));
        }

        return true;
    }

    // The shortest form only, so that equal symbols have equal bytes.
    private static bool TryReadCount(ref ReadOnlySpan<byte> bytes, out int count)
    {
        var value = 0UL;
        count = 0;
        for (var i = 0; i < bytes.Length && i < 5; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if ((bytes[i] & 0x80) != 0) continue;
            if (value > uint.MaxValue || (i > 0 && bytes[i] == 0)) return false;
            count = (int)((uint)value >> 1) ^ -(int)(value & 1);
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}
