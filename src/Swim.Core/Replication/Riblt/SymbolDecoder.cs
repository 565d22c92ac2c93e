namespace Swim.Core.Replication.Riblt;

/// <summary>
/// Finds the difference of two sets from the symbols of one and the items of the other, by peeling (section 4.1 of the paper): an item
/// alone in a symbol is known, and taken out of all the others. Some 1.35 to 1.7 symbols per difference are enough. Whatever symbols
/// come, it ends: no more items are taken out than there are symbols, since that many no table can tell apart.
/// </summary>
public sealed class SymbolDecoder(IEnumerable<ulong> mine)
{
    private readonly SymbolEncoder _mine = new(mine);
    private readonly List<CodedSymbol> _left = [];
    private readonly List<(ulong Item, int Sign)> _peeled = [];
    private readonly List<SymbolWalk> _walks = [];
    private readonly Queue<int> _pure = new();

    /// <summary>How many symbols were taken in.</summary>
    public int SymbolCount => _left.Count;

    /// <summary>True when the difference is known whole.</summary>
    public bool IsDecoded => !IsBroken && _left.Count > 0 && _left.TrueForAll(static symbol => symbol.IsEmpty);

    /// <summary>True when the symbols are of no set; more of them do not help.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>How many items the other set has, as its first symbol says; 0 before.</summary>
    public long TheirCount { get; private set; }

    /// <summary>At least so many items differ: those found, and by how much the rest of one side outnumbers that of the other.</summary>
    public long AtLeast => _left.Count == 0 ? 0 : _peeled.Count + Math.Abs((long)_left[0].Count);

    /// <summary>Found so far: what only the other set has.</summary>
    public IEnumerable<ulong> Theirs => _peeled.Where(static peeled => peeled.Sign > 0).Select(static peeled => peeled.Item);

    /// <summary>Found so far: what only this set has.</summary>
    public IEnumerable<ulong> Mine => _peeled.Where(static peeled => peeled.Sign < 0).Select(static peeled => peeled.Item);

    /// <summary>Takes in the next symbols of the other set and finds what they tell.</summary>
    public void Add(IReadOnlyList<CodedSymbol> theirs)
    {
        if (IsBroken) return;
        var start = _left.Count;
        if (start == 0 && theirs.Count > 0) TheirCount = Math.Max(0, theirs[0].Count);
        var mine = _mine.Take(start, theirs.Count);
        for (var i = 0; i < theirs.Count; i++) _left.Add(theirs[i].Less(mine[i]));
        for (var i = 0; i < _peeled.Count; i++) _walks[i] = TakeOut(_walks[i], _peeled[i]);
        for (var i = start; i < _left.Count; i++) _pure.Enqueue(i);
        Peel();
    }

    private void Peel()
    {
        while (_pure.TryDequeue(out var index))
        {
            var symbol = _left[index];
            if (!symbol.IsPure || !MapsTo(symbol.Sum, index)) continue;
            if (_peeled.Count == _left.Count)
            {
                IsBroken = true;
                _pure.Clear();
                return;
            }

            _peeled.Add((symbol.Sum, symbol.Count));
            _walks.Add(TakeOut(new SymbolWalk(symbol.Sum), _peeled[^1]));
        }
    }

    private SymbolWalk TakeOut(SymbolWalk walk, (ulong Item, int Sign) peeled)
    {
        for (; walk.Index < _left.Count; walk.Next())
        {
            var index = (int)walk.Index;
            _left[index] = _left[index].With(peeled.Item, -peeled.Sign);
            if (_left[index].IsPure) _pure.Enqueue(index);
        }

        return walk;
    }

    private static bool MapsTo(ulong item, int index)
    {
        var walk = new SymbolWalk(item);
        while (walk.Index < index) walk.Next();
        return walk.Index == index;
    }
}
