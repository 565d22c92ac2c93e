namespace Swim.Core.Replication.Riblt;

/// <summary>
/// The coded symbols of one set, as many as are asked for: those of a longer table begin with those of a shorter one. Items are
/// hashes: well spread and none twice.
/// </summary>
public sealed class SymbolEncoder
{
    private readonly ulong[] _items;
    private readonly SymbolWalk[] _walks;
    private readonly List<CodedSymbol> _symbols = [];

    /// <summary>An encoder of <paramref name="items"/>.</summary>
    public SymbolEncoder(IEnumerable<ulong> items)
    {
        _items = [.. items];
        _walks = new SymbolWalk[_items.Length];
        for (var i = 0; i < _items.Length; i++) _walks[i] = new SymbolWalk(_items[i]);
    }

    /// <summary>How many items the set has.</summary>
    public int ItemCount => _items.Length;

    /// <summary>The symbols from index <paramref name="from"/>, <paramref name="count"/> of them.</summary>
    public IReadOnlyList<CodedSymbol> Take(int from, int count)
    {
        Grow(from + count);
        return _symbols.GetRange(from, count);
    }

    private void Grow(int length)
    {
        if (length <= _symbols.Count) return;
        var table = new CodedSymbol[length];
        var known = _symbols.Count;
        for (var i = 0; i < _items.Length; i++)
        {
            ref var walk = ref _walks[i];
            for (; walk.Index < length; walk.Next()) table[walk.Index] = table[walk.Index].With(_items[i], 1);
        }

        _symbols.AddRange(table.AsSpan(known));
    }
}
