using MessagePack;

namespace Swim.Core.Crdt;

/// <summary>
/// A counter that goes up and down: for each actor what it added and what it took away in all, each a number that only grows. The
/// value is the difference of the sums. Mutable, owned by one replica; a delta is a counter too. Merge takes the greater number of
/// each actor and sign, so an actor must be one replica only. PN-Counter (Shapiro et al. 2011 section 3.1.3).
/// </summary>
public sealed class PnCounter
{
    private const int Fields = 3;
    private readonly SortedDictionary<ulong, Totals> _totals = [];

    /// <summary>All that was added less all that was taken away. Exact, since an actor's totals are 64 bits and sums are 128.</summary>
    public Int128 Value
    {
        get
        {
            Int128 value = 0;
            foreach (var totals in _totals.Values) value += (Int128)totals.Added - totals.Taken;
            return value;
        }
    }

    /// <summary>
    /// Adds <paramref name="amount"/>, which may be negative, in the name of <paramref name="actor"/> and returns the delta: that actor's new
    /// totals alone. Throws <see cref="OverflowException"/>, state unchanged, where a total would pass 64 bits.
    /// </summary>
    public PnCounter Add(ulong actor, long amount)
    {
        var delta = new PnCounter();
        if (amount == 0) return delta;
        var totals = _totals.GetValueOrDefault(actor);
        totals = amount > 0
            ? totals with { Added = checked(totals.Added + (ulong)amount) }
            : totals with { Taken = checked(totals.Taken + (ulong)-(Int128)amount) };
        delta._totals[actor] = _totals[actor] = totals;
        return delta;
    }

    /// <summary>Takes in <paramref name="other"/>, a state or a delta. True when that changed anything.</summary>
    public bool Merge(PnCounter other)
    {
        var isInflated = false;
        foreach (var (actor, theirs) in other._totals)
        {
            var mine = _totals.GetValueOrDefault(actor);
            var joined = new Totals(Math.Max(mine.Added, theirs.Added), Math.Max(mine.Taken, theirs.Taken));
            if (joined == mine) continue;
            _totals[actor] = joined;
            isInflated = true;
        }

        return isInflated;
    }

    /// <summary>True when every actor's totals are the same, which is more than an equal <see cref="Value"/>.</summary>
    public bool SameAs(PnCounter other) => _totals.SequenceEqual(other._totals);

    /// <summary>An independent copy.</summary>
    public PnCounter Clone()
    {
        var copy = new PnCounter();
        copy.Merge(this);
        return copy;
    }

    /// <summary>Writes the canonical form: [actor, added, taken…], ascending by actor.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_totals.Count * Fields);
        foreach (var (actor, totals) in _totals)
        {
            writer.Write(actor);
            writer.Write(totals.Added);
            writer.Write(totals.Taken);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static PnCounter Read(ref MessagePackReader reader)
    {
        var counter = new PnCounter();
        var fields = reader.ReadArrayHeader();
        if (fields % Fields != 0) throw new MessagePackSerializationException("A counter is a list of actors with two totals.");
        ulong? last = null;
        for (var left = fields / Fields; left > 0; left--)
        {
            var (actor, totals) = (reader.ReadUInt64(), new Totals(reader.ReadUInt64(), reader.ReadUInt64()));
            if (actor <= last || totals == default) throw new MessagePackSerializationException("The actors of a counter ascend, none has counted nothing.");
            counter._totals.Add(actor, totals);
            last = actor;
        }

        return counter;
    }

    private readonly record struct Totals(ulong Added, ulong Taken);
}
