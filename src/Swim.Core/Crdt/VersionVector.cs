using MessagePack;

namespace Swim.Core.Crdt;

/// <summary>How two histories stand to each other.</summary>
public enum Causality : byte
{
    /// <summary>The same events.</summary>
    Equal,

    /// <summary>The other has all of these events and more.</summary>
    Before,

    /// <summary>These are all of the other's events and more.</summary>
    After,

    /// <summary>Each has an event that the other lacks.</summary>
    Concurrent,
}

/// <summary>
/// For each actor how many of its events were seen, and with it the happens-before order of histories. Mutable, owned by one replica; a
/// delta is a vector too. Merge takes the greater number of each actor. Version vectors (Parker et al. 1983). What may have gaps is
/// a <see cref="DotContext"/>.
/// </summary>
public sealed class VersionVector
{
    private readonly SortedDictionary<ulong, ulong> _seen = [];

    /// <summary>The numbers seen, ascending by actor; never 0.</summary>
    public IReadOnlyDictionary<ulong, ulong> Seen => _seen;

    /// <summary>How many events of <paramref name="actor"/> were seen.</summary>
    public ulong this[ulong actor] => _seen.GetValueOrDefault(actor);

    /// <summary>Counts one event of <paramref name="actor"/> and returns the delta: that actor's new number alone.</summary>
    public VersionVector Increment(ulong actor)
    {
        var delta = new VersionVector();
        delta._seen[actor] = _seen[actor] = checked(this[actor] + 1);
        return delta;
    }

    /// <summary>Adds all that <paramref name="other"/> has seen, a state or a delta. True when that changed anything.</summary>
    public bool Merge(VersionVector other)
    {
        var isInflated = false;
        foreach (var (actor, seen) in other._seen)
        {
            if (seen <= this[actor]) continue;
            _seen[actor] = seen;
            isInflated = true;
        }

        return isInflated;
    }

    /// <summary>True when everything <paramref name="other"/> has seen was seen here too.</summary>
    public bool Covers(VersionVector other) => other._seen.All(entry => this[entry.Key] >= entry.Value);

    /// <summary>How this history stands to <paramref name="other"/>.</summary>
    public Causality CompareTo(VersionVector other) => (Covers(other), other.Covers(this)) switch
    {
        (true, true) => Causality.Equal,
        (false, true) => Causality.Before,
        (true, false) => Causality.After,
        (false, false) => Causality.Concurrent,
    };

    /// <summary>True when <paramref name="other"/> has all of this and more.</summary>
    public bool HappensBefore(VersionVector other) => CompareTo(other) == Causality.Before;

    /// <summary>True when neither has all of the other.</summary>
    public bool IsConcurrentWith(VersionVector other) => CompareTo(other) == Causality.Concurrent;

    /// <summary>True when both have seen the same.</summary>
    public bool SameAs(VersionVector other) => _seen.SequenceEqual(other._seen);

    /// <summary>An independent copy.</summary>
    public VersionVector Clone()
    {
        var copy = new VersionVector();
        copy.Merge(this);
        return copy;
    }

    /// <summary>Writes the canonical form: [actor, number…], ascending by actor.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_seen.Count * 2);
        foreach (var (actor, seen) in _seen)
        {
            writer.Write(actor);
            writer.Write(seen);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static VersionVector Read(ref MessagePackReader reader)
    {
        var vector = new VersionVector();
        var fields = reader.ReadArrayHeader();
        if (fields % 2 != 0) throw new MessagePackSerializationException("A version vector is a list of pairs.");
        ulong? last = null;
        for (var left = fields / 2; left > 0; left--)
        {
            var (actor, seen) = (reader.ReadUInt64(), reader.ReadUInt64());
            if (actor <= last || seen == 0) throw new MessagePackSerializationException("The actors of a version vector ascend, none has seen nothing.");
            vector._seen.Add(actor, seen);
            last = actor;
        }

        return vector;
    }
}
