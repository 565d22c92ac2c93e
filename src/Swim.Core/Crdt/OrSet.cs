namespace Swim.Core.Crdt;

/// <summary>
/// An observed-remove set without tombstones. Each add leaves a dot with its element; a replica's context says which writes it has taken
/// in, so an absent dot that is covered was removed and an uncovered one is new. An add wins over a concurrent remove. Mutable, owned by
/// one replica. A delta is a set too, and is merged by the same rule in any order, doubled, or with gaps. ORSWOT (Bieniusa et al. 2012) as
/// a delta-state type (Almeida et al. 2018 section 7.4).
/// </summary>
/// <remarks>
/// Two departures. A remove consumes a dot of its own, so that it travels and is asked for by number like any other write. And a delta
/// names the dots it removes apart from the writes it has seen: were they in its context, a replica could count an add as seen whose own
/// removals never reached it, and nobody would send it again. So equal contexts mean equal states. Underneath are two sets that only grow,
/// writes seen and dots removed: live is the one without the other, pending the other without the one. Invariants: every live dot is in the
/// context, no pending one is; no two writes ever share a dot, see <see cref="DotContext.Next"/>. What is live stands in hash tables, so
/// that an add costs the same whatever is there; their order is seen nowhere: what is written or given out is sorted then.
/// </remarks>
public sealed partial class OrSet<T>(ElementFormat<T> format)
    where T : notnull
{
    private readonly Dictionary<Dot, T> _live = new(DotEquality.Instance);

    private readonly ElementTable<T> _dots = new(format);
    private readonly SortedSet<Dot> _pending = [];

    /// <summary>All writes taken in with all they do. For reading; it changes with the set.</summary>
    public DotContext Context { get; } = new();

    /// <summary>Adds known to be removed that were not seen yet, ascending; in a delta the dots it removes.</summary>
    public IReadOnlyCollection<Dot> Pending => _pending;

    /// <summary>The elements, ascending; sorted anew by each call.</summary>
    public IReadOnlyCollection<T> Elements => [.. _dots.Keys.Order(format.Order)];

    /// <summary>True when <paramref name="element"/> is in the set.</summary>
    public bool Contains(T element) => _dots.Find(element) is not null;

    /// <summary>The adds that hold <paramref name="element"/> in the set, ascending; several after concurrent adds, none when it is absent.</summary>
    public IReadOnlyCollection<Dot> DotsOf(T element) => _dots.Find(element) ?? [];

    /// <summary>
    /// Adds <paramref name="element"/> under the next dot of <paramref name="actor"/>, which replaces the dots that held it.
    /// Returns the delta. Only the replica that owns the actor may use it.
    /// </summary>
    public OrSet<T> Add(T element, ulong actor)
    {
        var delta = Withdraw(element);
        var dot = Context.Next(actor);
        Insert(dot, element);
        delta.Context.Add(dot);
        delta.Insert(dot, element);
        return delta;
    }

    /// <summary>
    /// Removes the adds of <paramref name="element"/> seen here, under the next dot of <paramref name="actor"/>. Returns the delta: the dots
    /// removed and the remove's own, or nothing, with no dot spent, when the element is absent.
    /// </summary>
    public OrSet<T> Remove(T element, ulong actor)
    {
        var delta = Withdraw(element);
        if (delta._pending.Count > 0) delta.Context.Add(Context.Next(actor));
        return delta;
    }

    /// <summary>
    /// Merges <paramref name="other"/>, a state or a delta. True when that changed anything. The cost grows with what <paramref name="other"/>
    /// holds and removes, not with what is here.
    /// </summary>
    public bool Merge(OrSet<T> other)
    {
        if (ReferenceEquals(this, other)) return false;
        var isInflated = !Context.Covers(other.Context);
        foreach (var dot in other.RemovedFrom(_live)) Drop(dot);
        foreach (var dot in other._pending)
            if (!Context.Contains(dot)) _pending.Add(dot);
        foreach (var (dot, element) in other._live)
            if (!Context.Contains(dot) && !_pending.Contains(dot)) Insert(dot, element);
        Context.Merge(other.Context);
        _pending.RemoveWhere(Context.Contains);
        return isInflated;
    }

    /// <summary>An independent copy.</summary>
    public OrSet<T> Clone()
    {
        var copy = new OrSet<T>(format);
        copy.Merge(this);
        return copy;
    }

    /// <summary>True when both saw the same writes and hold the same elements under the same dots.</summary>
    public bool SameAs(OrSet<T> other) =>
        Context.SameAs(other.Context)
        && _pending.SetEquals(other._pending)
        && _live.Count == other._live.Count
        && _live.Keys.All(other._live.ContainsKey);

    // What `theirs` holds and this knows to be removed.
    private List<Dot> RemovedFrom(Dictionary<Dot, T> theirs) =>
        [.. SeenOf(theirs).Concat(_pending).Where(dot => theirs.ContainsKey(dot) && !_live.ContainsKey(dot))];

    // By number where it has seen less than there is.
    private IEnumerable<Dot> SeenOf(Dictionary<Dot, T> theirs)
    {
        if (HasSeenMore(theirs.Count)) return theirs.Keys.Where(Context.Contains);
        return Context.Vector.SelectMany(static entry => Numbers(entry.Key, entry.Value)).Concat(Context.Cloud);
    }

    private bool HasSeenMore(int count)
    {
        var left = (ulong)count;
        foreach (var seq in Context.Vector.Values)
        {
            if (seq > left) return true;
            left -= seq;
        }

        return false;
    }

    private static IEnumerable<Dot> Numbers(ulong actor, ulong last)
    {
        for (var seq = 1UL; seq <= last; seq++) yield return new Dot(actor, seq);
    }

    // Takes the element out and returns the delta that does the same elsewhere.
    private OrSet<T> Withdraw(T element)
    {
        var delta = new OrSet<T>(format);
        foreach (var dot in _dots.Remove(element) ?? [])
        {
            delta._pending.Add(dot);
            _live.Remove(dot);
        }

        return delta;
    }

    private void Insert(Dot dot, T element)
    {
        if (!_live.TryAdd(dot, element)) return;
        var dots = _dots.FindOrAdd(element);
        dots.Insert(~dots.BinarySearch(dot), dot);
    }

    private void Drop(Dot dot)
    {
        if (!_live.Remove(dot, out var element)) return;
        var dots = _dots.Find(element)!;
        dots.RemoveAt(dots.BinarySearch(dot));
        if (dots.Count == 0) _dots.Remove(element);
    }
}
