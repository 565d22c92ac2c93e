using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Retires the entries of contexts whose writers were given up: a home owner does so once no cell names a write of theirs, everything as old
/// as that is known here and every home owner was found to hold the same. Whoever still has such an entry and offers it is told, and lets it
/// go at once: two owners differ for one exchange. Design: ADR 19.
/// </summary>
internal sealed class WriterRetirement(ReplicaState state, ReplicationAcks acks)
{
    // Of each bucket what was found ready to go, and the version of the bucket then.
    private readonly SortedDictionary<int, (ulong Writers, long Version)> _ready = [];

    /// <summary>Entries retired here since the start.</summary>
    public long RetiredCount { get; private set; }

    /// <summary>Looks at a bucket: retires what was ready the last time and is everywhere since.</summary>
    public void Tend(Bucket bucket)
    {
        if (!state.Placement.Map.IsHomeOwner(bucket.Number, state.Self)) return;
        var ready = Retirable(bucket, bucket.Context.Writers.Where(IsOver));
        if (ready.Count == 0)
        {
            _ready.Remove(bucket.Number);
            return;
        }

        var hash = ready.Aggregate(0UL, static (hash, entry) => StableHash.Of(entry.Writer, entry.Seq, hash));
        if (!_ready.TryGetValue(bucket.Number, out var noted) || noted.Writers != hash) _ready[bucket.Number] = noted = (hash, bucket.Version);
        if (acks.IsEverywhere(bucket.Number, noted.Version)) Retire(bucket, ready);
    }

    /// <summary>A holder of the bucket has let these go: all that is known of them is known there, and the next id of each.</summary>
    public void OnRetired(NodeId from, WritersRetired retired)
    {
        if (!state.Placement.Holds(from, retired.Bucket) || state.Store.Find(retired.Bucket) is not { } bucket) return;
        foreach (var next in retired.Nexts) state.Store.Writers.Note(next);
        var ready = Retirable(bucket, retired.Writers.Where(state.Store.Writers.IsSuperseded));
        if (ready.Count > 0) Retire(bucket, ready);
    }

    private void Retire(Bucket bucket, List<(ulong Writer, ulong Seq)> ready)
    {
        state.Store.Forget(new Forgetting(bucket.Number, HlcTimestamp.Zero, [], []) { Retired = ready });
        RetiredCount += ready.Count;
        _ready.Remove(bucket.Number);
    }

    private List<(ulong Writer, ulong Seq)> Retirable(Bucket bucket, IEnumerable<ulong> writers)
    {
        var over = writers.Where(writer => writer != state.Store.Actor && bucket.Context.Highest(writer) > 0).Distinct().Order().ToList();
        if (over.Count == 0) return [];
        var named = bucket.NamedWriters();
        return [.. over.Where(writer => !named.Contains(writer)).Select(writer => (writer, bucket.Context.Highest(writer)))];
    }

    private bool IsOver(ulong writer) => state.Store.Writers.SupersededAt(writer) is { } at && (at < state.Horizon || Planted.Is(Mutant.RetiredUnheard));
}
