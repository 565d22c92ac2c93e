using Swim.Core.Primitives;

namespace Swim.Core.Replication.Riblt;

/// <summary>
/// A coded symbol of a rateless invertible Bloom lookup table (Yang, Gilad, Alizadeh: Practical Rateless Set Reconciliation,
/// SIGCOMM 2024, section 4): what all items that map to one index come to together. The difference of the symbols of two sets is
/// the symbol of what only one of them has.
/// </summary>
/// <param name="Sum">The items, exclusive or.</param>
/// <param name="Check">A hash of each item, exclusive or.</param>
/// <param name="Count">How many items; in a difference those of the first set less those of the second.</param>
public readonly record struct CodedSymbol(ulong Sum, uint Check, int Count)
{
    /// <summary>True when nothing, or nothing any more, maps here.</summary>
    public bool IsEmpty => this == default;

    /// <summary>True when one item alone maps here; wrongly so once in 2^32.</summary>
    public bool IsPure => Count is 1 or -1 && Check == CheckOf(Sum);

    /// <summary>This symbol with <paramref name="item"/> added (<paramref name="sign"/> 1) or taken out (-1).</summary>
    public CodedSymbol With(ulong item, int sign) => new(Sum ^ item, Check ^ CheckOf(item), unchecked(Count + sign));

    /// <summary>What is here and not in <paramref name="other"/>, and the other way round.</summary>
    public CodedSymbol Less(CodedSymbol other) => new(Sum ^ other.Sum, Check ^ other.Check, unchecked(Count - other.Count));

    private static uint CheckOf(ulong item) => (uint)StableHash.Of(item, 0xC0DED, 0x5EED);
}
