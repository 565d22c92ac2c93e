using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>XXH64. Its eight bytes are written big-endian. Source: the xxHash specification, section "XXH64 algorithm description".</summary>
public sealed partial class XxHash64 : NonCryptographicHashAlgorithm
{
    private const int HashLength = sizeof(ulong);

    private readonly byte[] _tail = new byte[StripeLength];
    private readonly ulong _seed;
    private Lanes _lanes;
    private ulong _length;

    /// <summary>With seed 0.</summary>
    public XxHash64()
        : this(0)
    {
    }

    /// <summary>With a seed; two seeds give two independent hashes.</summary>
    public XxHash64(long seed)
        : base(HashLength)
    {
        _seed = unchecked((ulong)seed);
        Reset();
    }

    private int TailLength => (int)(_length % StripeLength);

    /// <summary>A second hash fed with the same bytes so far.</summary>
    public XxHash64 Clone()
    {
        var clone = new XxHash64(unchecked((long)_seed)) { _lanes = _lanes, _length = _length };
        _tail.CopyTo(clone._tail, 0);
        return clone;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _lanes = new Lanes(_seed);
        _length = 0;
    }

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> source)
    {
        var held = TailLength;
        _length += (ulong)source.Length;
        if (held + source.Length < StripeLength)
        {
            source.CopyTo(_tail.AsSpan(held));
            return;
        }

        if (held > 0)
        {
            var missing = StripeLength - held;
            source[..missing].CopyTo(_tail.AsSpan(held));
            _lanes.Absorb(_tail);
            source = source[missing..];
        }

        var whole = source.Length - source.Length % StripeLength;
        _lanes.Absorb(source[..whole]);
        source[whole..].CopyTo(_tail);
    }

    /// <summary>The hash of what was fed so far, as a number.</summary>
    public ulong GetCurrentHashAsUInt64() => Finish(
        _length >= StripeLength ? _lanes.Merge() : unchecked(_seed + Prime5), _length, _tail.AsSpan(0, TailLength));

    /// <inheritdoc/>
    protected override void GetCurrentHashCore(Span<byte> destination) =>
        BinaryPrimitives.WriteUInt64BigEndian(destination, GetCurrentHashAsUInt64());

    /// <summary>The hash of <paramref name="source"/> with seed 0.</summary>
    public static byte[] Hash(byte[] source) => Hash(source, 0);

    /// <summary>The hash of <paramref name="source"/>.</summary>
    public static byte[] Hash(byte[] source, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(new ReadOnlySpan<byte>(source), seed);
    }

    /// <summary>The hash of <paramref name="source"/>.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> source, long seed = 0)
    {
        var hash = new byte[HashLength];
        BinaryPrimitives.WriteUInt64BigEndian(hash, HashToUInt64(source, seed));
        return hash;
    }

    /// <summary>Writes the hash of <paramref name="source"/> and returns its length. Throws <see cref="ArgumentException"/> when there is no room.</summary>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination, long seed = 0) =>
        TryHash(source, destination, out var written, seed)
            ? written
            : throw new ArgumentException("The destination is too short.", nameof(destination));

    /// <summary>Writes the hash of <paramref name="source"/>; false, with nothing written, when there is no room.</summary>
    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten, long seed = 0)
    {
        bytesWritten = 0;
        if (destination.Length < HashLength)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, HashToUInt64(source, seed));
        bytesWritten = HashLength;
        return true;
    }

    /// <summary>The hash of <paramref name="source"/>, as a number.</summary>
    public static ulong HashToUInt64(ReadOnlySpan<byte> source, long seed = 0)
    {
        var start = unchecked((ulong)seed);
        if (source.Length < StripeLength)
        {
            return Finish(unchecked(start + Prime5), (ulong)source.Length, source);
        }

        var lanes = new Lanes(start);
        var whole = source.Length - source.Length % StripeLength;
        lanes.Absorb(source[..whole]);
        return Finish(lanes.Merge(), (ulong)source.Length, source[whole..]);
    }
}
