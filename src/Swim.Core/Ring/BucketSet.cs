using System.Numerics;

namespace Swim.Core.Ring;

/// <summary>A set of buckets as a map of bits, 512 bytes long whatever it holds. Not for sharing between loops.</summary>
public sealed class BucketSet
{
    /// <summary>The length of its bytes.</summary>
    public const int Size = Buckets.Count / 8;

    private readonly byte[] _bits = new byte[Size];

    /// <summary>How many buckets it holds.</summary>
    public int Count => _bits.Sum(static bits => BitOperations.PopCount(bits));

    /// <summary>True when it holds none.</summary>
    public bool IsEmpty => _bits.AsSpan().IndexOfAnyExcept((byte)0) < 0;

    /// <summary>One bit a bucket, the lowest bucket in the lowest bit of the first byte.</summary>
    public ReadOnlySpan<byte> Bytes => _bits;

    /// <summary>Its buckets, ascending.</summary>
    public IEnumerable<int> Members => Enumerable.Range(0, Buckets.Count).Where(Contains);

    /// <summary>Every bucket.</summary>
    public static BucketSet All()
    {
        var set = new BucketSet();
        set._bits.AsSpan().Fill(byte.MaxValue);
        return set;
    }

    /// <summary>An independent copy.</summary>
    public BucketSet Clone()
    {
        var copy = new BucketSet();
        _bits.CopyTo(copy._bits, 0);
        return copy;
    }

    /// <summary>The set with those bytes; false unless they are <see cref="Size"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BucketSet set)
    {
        set = new BucketSet();
        return bytes.Length == Size && bytes.TryCopyTo(set._bits);
    }

    /// <summary>True when it holds the bucket.</summary>
    public bool Contains(int bucket) => (_bits[bucket >> 3] & (1 << (bucket & 7))) != 0;

    /// <summary>Takes the bucket in.</summary>
    public void Add(int bucket) => _bits[bucket >> 3] |= (byte)(1 << (bucket & 7));

    /// <summary>Leaves the bucket out.</summary>
    public void Remove(int bucket) => _bits[bucket >> 3] &= (byte)~(1 << (bucket & 7));
}
