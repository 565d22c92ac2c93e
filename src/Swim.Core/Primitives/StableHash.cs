using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Swim.Core.Primitives;

/// <summary>
/// Hashes that leave the process or place a token: XxHash64, seeded, the same on every machine and run.
/// Never <see cref="object.GetHashCode"/>, which is seeded per process.
/// </summary>
public static class StableHash
{
    /// <summary>64 bits of <paramref name="bytes"/> under <paramref name="seed"/>.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) => XxHash64.HashToUInt64(bytes, (long)seed);

    /// <summary>64 bits of the UTF-8 form of <paramref name="text"/>.</summary>
    public static ulong Of(string text, ulong seed = 0) => Of(Encoding.UTF8.GetBytes(text), seed);

    /// <summary>64 bits of two numbers.</summary>
    public static ulong Of(ulong first, ulong second, ulong seed = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], second);
        return Of(bytes, seed);
    }

    /// <summary>128 bits: two seeds over the same bytes.</summary>
    public static UInt128 Of128(ReadOnlySpan<byte> bytes, ulong seed = 0) =>
        new(Of(bytes, seed), Of(bytes, seed ^ 0x9E3779B97F4A7C15UL));
}
