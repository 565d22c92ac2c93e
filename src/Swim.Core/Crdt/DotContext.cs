using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Crdt;

/// <summary>
/// The set of writes a replica has seen: a version vector plus the exceptions beyond it, so that a delta with a gap is told apart
/// from a complete history (dot cloud, Almeida et al. 2018 section 7.2). Mutable; owned by one bucket. Merge is set union, up to
/// <see cref="CloudMax"/>: what lies beyond a gap and finds no room counts as not seen, which is always safe, and is seen once the gap closes.
/// </summary>
public sealed class DotContext
{
    /// <summary>Most writes kept beyond gaps; some 300 KiB of a frame.</summary>
    public const int CloudMax = 16_384;

    /// <summary>
    /// Most writers in one context, some 20 KiB of a frame. A node begins to write in no bucket that has 64 already; each part of a cluster in
    /// pieces may come to that on its own, and this is what sixteen such parts have together.
    /// </summary>
    public const int WritersMax = 1_024;

    /// <summary>Highest number of a write: no actor comes near, and sums of two do not overflow.</summary>
    public const ulong SeqMax = ulong.MaxValue / 2;

    private readonly SortedDictionary<ulong, ulong> _vector = [];
    private readonly SortedSet<Dot> _cloud = [];

    /// <summary>For each actor the number up to which all its writes were seen; ascending by actor.</summary>
    public IReadOnlyDictionary<ulong, ulong> Vector => _vector;

    /// <summary>Writes seen beyond a gap, ascending.</summary>
    public IReadOnlyCollection<Dot> Cloud => _cloud;

    /// <summary>All whose writes were seen, some of them maybe twice.</summary>
    public IEnumerable<ulong> Writers => _vector.Keys.Concat(_cloud.Select(static dot => dot.Actor));

    /// <summary>How many writers there are without those of whom only writes beyond a gap were seen.</summary>
    public int WriterCount => _vector.Count;

    /// <summary>True when nothing was seen.</summary>
    public bool IsEmpty => _vector.Count == 0 && _cloud.Count == 0;

    /// <summary>The number up to which all writes of <paramref name="actor"/> were seen; 0 when none.</summary>
    public ulong SeenUpTo(ulong actor) => _vector.GetValueOrDefault(actor);

    /// <summary>The highest write of <paramref name="actor"/> seen, gaps or not; 0 when none.</summary>
    public ulong Highest(ulong actor)
    {
        var highest = SeenUpTo(actor);
        foreach (var dot in _cloud.GetViewBetween(new Dot(actor, 0), new Dot(actor, ulong.MaxValue)))
            highest = Math.Max(highest, dot.Seq);
        return highest;
    }

    /// <summary>True when <paramref name="dot"/> was seen.</summary>
    public bool Contains(Dot dot) => dot.Seq <= SeenUpTo(dot.Actor) || _cloud.Contains(dot);

    /// <summary>Takes the next own dot of <paramref name="actor"/> and marks it seen.</summary>
    public Dot Next(ulong actor)
    {
        Invariant.Holds(Highest(actor) == SeenUpTo(actor), "an actor's own writes have no gap");
        var dot = new Dot(actor, SeenUpTo(actor) + 1);
        _vector[actor] = dot.Seq;
        return dot;
    }

    /// <summary>Forgets all: nothing counts as seen.</summary>
    public void Clear()
    {
        _vector.Clear();
        _cloud.Clear();
    }

    /// <summary>
    /// Forgets a writer of whom nothing beyond <paramref name="upTo"/> was seen: its writes count as not seen, which is always safe. False when nothing changed.
    /// </summary>
    public bool Retire(ulong actor, ulong upTo)
    {
        if (Highest(actor) > upTo) return false;
        return (_cloud.RemoveWhere(dot => dot.Actor == actor) > 0) | _vector.Remove(actor);
    }

    /// <summary>A copy without what was seen contiguously of these writers.</summary>
    public DotContext Without(IEnumerable<ulong> actors)
    {
        var copy = Clone();
        foreach (var actor in actors) copy._vector.Remove(actor);
        return copy;
    }

    /// <summary>Marks one dot seen.</summary>
    public void Add(Dot dot) => AddRange(dot.Actor, dot.Seq, dot.Seq);

    /// <summary>
    /// Marks the writes <paramref name="from"/> to <paramref name="to"/> (both included) of <paramref name="actor"/> seen. A range beyond a
    /// gap that does not fit <see cref="CloudMax"/>, one of a writer more than <see cref="WritersMax"/>, and one that passes <see cref="SeqMax"/>, changes nothing. False when nothing changed.
    /// </summary>
    public bool AddRange(ulong actor, ulong from, ulong to)
    {
        var seen = SeenUpTo(actor);
        if (to < from || to <= seen || to > SeqMax || (seen == 0 && _vector.Count >= WritersMax)) return false;
        var isInflated = true;
        if (from <= seen + 1) _vector[actor] = to;
        else isInflated = to - from < (ulong)(CloudMax - _cloud.Count) && AddBeyondGap(actor, from, to);
        Compact(actor);
        return isInflated;
    }

    /// <summary>Adds all that <paramref name="other"/> has seen. True when that changed anything.</summary>
    public bool Merge(DotContext other)
    {
        var isInflated = false;
        foreach (var (actor, seq) in other._vector) isInflated |= AddRange(actor, 1, seq);
        foreach (var dot in other._cloud) isInflated |= AddRange(dot.Actor, dot.Seq, dot.Seq);
        return isInflated;
    }

    /// <summary>True when everything <paramref name="other"/> saw was seen here too.</summary>
    public bool Covers(DotContext other) =>
        other._vector.All(entry => SeenUpTo(entry.Key) >= entry.Value) && other._cloud.All(Contains);

    /// <summary>True when both have seen the same.</summary>
    public bool SameAs(DotContext other) => _vector.SequenceEqual(other._vector) && _cloud.SetEquals(other._cloud);

    /// <summary>An independent copy.</summary>
    public DotContext Clone()
    {
        var copy = new DotContext();
        foreach (var (actor, seq) in _vector) copy._vector.Add(actor, seq);
        copy._cloud.UnionWith(_cloud);
        return copy;
    }

    /// <summary>Writes the canonical form: [[actor, seq…], [actor, seq…]], both ascending.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(_vector.Count * 2);
        foreach (var (actor, seq) in _vector) { writer.Write(actor); writer.Write(seq); }
        writer.WriteArrayHeader(_cloud.Count * 2);
        foreach (var dot in _cloud) { writer.Write(dot.Actor); writer.Write(dot.Seq); }
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static DotContext Read(ref MessagePackReader reader)
    {
        var context = new DotContext();
        if (reader.ReadArrayHeader() != 2) throw new MessagePackSerializationException("A context has two parts.");
        ulong? last = null;
        for (var left = ReadPairs(ref reader); left > 0; left--) last = context.ReadSeenUpTo(ref reader, last);
        var dots = ReadPairs(ref reader);
        if (dots > CloudMax) throw new MessagePackSerializationException("More writes beyond gaps than a context holds.");
        for (var before = default(Dot); dots > 0; dots--) context._cloud.Add(before = context.ReadBeyondGap(ref reader, before));
        return context;
    }

    private bool AddBeyondGap(ulong actor, ulong from, ulong to)
    {
        var before = _cloud.Count;
        for (var seq = from; seq <= to; seq++) _cloud.Add(new Dot(actor, seq));
        return _cloud.Count > before;
    }

    private ulong ReadSeenUpTo(ref MessagePackReader reader, ulong? last)
    {
        var (actor, seq) = (reader.ReadUInt64(), reader.ReadUInt64());
        if (actor <= last || seq is 0 or > SeqMax) throw new MessagePackSerializationException("The actors of a context ascend, their numbers are in range.");
        _vector.Add(actor, seq);
        return actor;
    }

    private Dot ReadBeyondGap(ref MessagePackReader reader, Dot last)
    {
        var dot = new Dot(reader.ReadUInt64(), reader.ReadUInt64());
        return dot > last && dot.Seq <= SeqMax && dot.Seq > SeenUpTo(dot.Actor) + 1
            ? dot
            : throw new MessagePackSerializationException("The writes beyond gaps ascend and lie beyond a gap.");
    }

    private static int ReadPairs(ref MessagePackReader reader)
    {
        var length = reader.ReadArrayHeader();
        if (length % 2 != 0) throw new MessagePackSerializationException("A context part is a list of pairs.");
        return length / 2;
    }

    private void Compact(ulong actor)
    {
        var seen = SeenUpTo(actor);
        while (_cloud.Count > 0)
        {
            var next = _cloud.GetViewBetween(new Dot(actor, 0), new Dot(actor, seen + 1));
            if (next.Count == 0) break;
            seen = Math.Max(seen, next.Max.Seq);
            _cloud.ExceptWith(next.ToList());
        }

        if (seen > 0) _vector[actor] = seen;
    }
}
