using System.Numerics;

namespace Swim.Core.Crdt;

/// <summary>
/// The live dots of each element of a set, looked up by hash: open addressing with linear probing, at most three quarters full. The elements stand
/// side by side as they came, and a slot is four bytes: where its element stands, and as much of the hash as there is room for beside that. Looking
/// for one that is not there and putting it in touches one of those, all of which the processor's cache holds for a hundred thousand elements;
/// that keeps an add as quick as in a small set. The order of <see cref="Keys"/> says nothing.
/// </summary>
internal sealed class ElementTable<T>(ElementFormat<T> format)
    where T : notnull
{
    private const uint Free = 0, Gone = 1, First = 2;
    private const int FirstSlots = 8;
    private uint[] _slots = [];

    // Slots that are not free.
    private int _used;
    private Entry[] _entries = [];
    private int _end;

    // The last hole among the entries; each tells the one before it.
    private int _hole = -1;

    /// <summary>How many elements there are.</summary>
    public int Count { get; private set; }

    /// <summary>The elements, in no order.</summary>
    public IEnumerable<T> Keys => _entries.Take(_end).Where(static entry => entry.Dots is not null).Select(static entry => entry.Key);

    /// <summary>The dots of an element, ascending; null where it is not there. They belong to the table.</summary>
    public List<Dot>? Find(T element) => SlotOf(element, format.Hash(element)) is var slot and >= 0 ? _entries[At(slot)].Dots : null;

    /// <summary>The same, for one that may have to be added: with no dots then.</summary>
    public List<Dot> FindOrAdd(T element)
    {
        var hash = format.Hash(element);
        if (SlotOf(element, hash) is var slot and >= 0) return _entries[At(slot)].Dots!;
        if ((_used + 1) * 4 > _slots.Length * 3) Rebuild();
        var at = NextEntry();
        Take(hash, at);
        Count++;
        var dots = new List<Dot>(1);
        _entries[at] = new Entry(element, dots, -1);
        return dots;
    }

    /// <summary>Takes an element out; gives its dots, or null where it is not there.</summary>
    public List<Dot>? Remove(T element)
    {
        var slot = SlotOf(element, format.Hash(element));
        if (slot < 0) return null;
        var at = At(slot);
        var dots = _entries[at].Dots;
        _entries[at] = new Entry(default!, null, _hole);
        (_hole, _slots[slot]) = (at, Gone);
        Count--;
        return dots;
    }

    private uint Mask => (uint)_slots.Length - 1;

    private int At(int slot) => (int)((_slots[slot] & Mask) - First);

    private int SlotOf(T element, ulong hash)
    {
        if (Count == 0) return -1;
        var (mask, tag) = (Mask, (uint)(hash >> 32) & ~Mask);
        for (var slot = (uint)hash & mask; _slots[slot] is var value and not Free; slot = (slot + 1) & mask)
        {
            if (value != Gone && (value & ~mask) == tag && format.Order.Compare(_entries[(value & mask) - First].Key, element) == 0) return (int)slot;
        }

        return -1;
    }

    private int NextEntry()
    {
        if (_hole is var hole and >= 0)
        {
            _hole = _entries[hole].HoleBefore;
            return hole;
        }

        if (_end == _entries.Length) Array.Resize(ref _entries, Math.Max(FirstSlots / 2, _end * 2));
        return _end++;
    }

    // A slot that is free, or whose element is gone.
    private void Take(ulong hash, int at)
    {
        var mask = Mask;
        var slot = (uint)hash & mask;
        while (_slots[slot] > Gone) slot = (slot + 1) & mask;
        if (_slots[slot] == Free) _used++;
        _slots[slot] = ((uint)(hash >> 32) & ~mask) | ((uint)at + First);
    }

    // Half full at most, so that the next rebuilding is far: it comes when elements and what is left of those gone fill three quarters.
    private void Rebuild()
    {
        (_slots, _used) = (new uint[Math.Max(FirstSlots, (int)BitOperations.RoundUpToPowerOf2(((uint)_end * 2) + First))], 0);
        for (var at = 0; at < _end; at++)
        {
            if (_entries[at].Dots is not null) Take(format.Hash(_entries[at].Key), at);
        }
    }

    // No dots where it is a hole.
    private readonly record struct Entry(T Key, List<Dot>? Dots, int HoleBefore);
}
