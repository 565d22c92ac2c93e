using System.Buffers.Binary;
using System.Numerics;

namespace System.IO.Hashing;

/// <content>The arithmetic, all modulo 2^64. The steps are numbered as in the specification.</content>
public sealed partial class XxHash64
{
    private const int StripeLength = 32;
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    private static ulong Round(ulong accumulator, ulong lane) =>
        unchecked(BitOperations.RotateLeft(accumulator + lane * Prime2, 31) * Prime1);

    // Steps 4 to 6: the length, what is left over in pieces of 8, 4 and 1 bytes, and the final mix.
    private static ulong Finish(ulong hash, ulong length, ReadOnlySpan<byte> tail)
    {
        unchecked
        {
            hash += length;
            for (; tail.Length >= 8; tail = tail[8..])
            {
                hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(tail));
                hash = BitOperations.RotateLeft(hash, 27) * Prime1 + Prime4;
            }

            if (tail.Length >= 4)
            {
                hash ^= BinaryPrimitives.ReadUInt32LittleEndian(tail) * Prime1;
                hash = BitOperations.RotateLeft(hash, 23) * Prime2 + Prime3;
                tail = tail[4..];
            }

            foreach (var value in tail)
            {
                hash = BitOperations.RotateLeft(hash ^ value * Prime5, 11) * Prime1;
            }

            hash = (hash ^ hash >> 33) * Prime2;
            hash = (hash ^ hash >> 29) * Prime3;
            return hash ^ hash >> 32;
        }
    }

    // The four accumulators of inputs of 32 bytes and more.
    private struct Lanes
    {
        private ulong _a;
        private ulong _b;
        private ulong _c;
        private ulong _d;

        // Step 1.
        public Lanes(ulong seed)
        {
            unchecked
            {
                _a = seed + Prime1 + Prime2;
                _b = seed + Prime2;
                _c = seed;
                _d = seed - Prime1;
            }
        }

        // Step 2. Locals, not fields, so that the accumulators stay in registers.
        public void Absorb(ReadOnlySpan<byte> stripes)
        {
            var (a, b, c, d) = (_a, _b, _c, _d);
            for (; stripes.Length >= StripeLength; stripes = stripes[StripeLength..])
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(stripes));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(stripes[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(stripes[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(stripes[24..]));
            }

            (_a, _b, _c, _d) = (a, b, c, d);
        }

        // Step 3.
        public readonly ulong Merge()
        {
            unchecked
            {
                var hash = BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7)
                    + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18);
                hash = MergeLane(hash, _a);
                hash = MergeLane(hash, _b);
                hash = MergeLane(hash, _c);
                return MergeLane(hash, _d);
            }
        }

        private static ulong MergeLane(ulong hash, ulong lane) => unchecked((hash ^ Round(0, lane)) * Prime1 + Prime4);
    }
}
