using System.Buffers.Binary;
using Swim.Core.Primitives;

namespace Swim.Core.Storage;

/// <summary>
/// The buckets that a record tells of. Written before the record with a checksum of its own, so that a reader who cannot read the record
/// still knows whose state is in doubt. The default is <see cref="Every"/>: what is not named may be any.
/// </summary>
public readonly struct TouchedBuckets
{
    /// <summary>Most buckets that are named one by one; a record that touches more counts as one that touches all.</summary>
    public const int NamedMax = 64;

    private const ushort EveryMark = ushort.MaxValue;

    private readonly int[]? _named;

    private TouchedBuckets(int[] named) => _named = named;

    /// <summary>Any bucket.</summary>
    public static TouchedBuckets Every => default;

    /// <summary>No bucket: the record tells of the node alone.</summary>
    public static TouchedBuckets None { get; } = new([]);

    /// <summary>These buckets; each fits 16 bits. Sorts the list.</summary>
    public static TouchedBuckets Of(List<int> buckets)
    {
        buckets.SortOnce();
        Invariant.Holds(buckets.Count == 0 || (buckets[0] >= 0 && buckets[^1] <= ushort.MaxValue), "a bucket fits 16 bits");
        return buckets.Count > NamedMax ? Every : new TouchedBuckets([.. buckets]);
    }

    /// <summary>The buckets, ascending; null for <see cref="Every"/>.</summary>
    public IReadOnlyList<int>? Named => _named;

    /// <summary>Bytes on disk.</summary>
    internal int Size => 2 + (2 * (_named?.Length ?? 0));

    /// <summary>Writes how many there are, and which.</summary>
    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, _named is null ? EveryMark : (ushort)_named.Length);
        for (var i = 0; i < (_named?.Length ?? 0); i++) BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 + (2 * i))..], (ushort)_named![i]);
    }

    /// <summary>How many bytes <see cref="Write"/> wrote, by its first two; null when it wrote no such thing.</summary>
    internal static int? SizeOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) switch
    {
        EveryMark => 2,
        <= NamedMax and var count => 2 + (2 * count),
        _ => null,
    };

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static TouchedBuckets Read(ReadOnlySpan<byte> bytes)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (count == EveryMark) return Every;
        var named = new int[count];
        for (var i = 0; i < count; i++) named[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 + (2 * i))..]);
        return new TouchedBuckets(named);
    }
}
