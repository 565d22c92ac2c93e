using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Keeps retired entries of contexts from coming back: looks at the contexts of other nodes before they are joined. An entry that this node
/// does not hold is not learned where its writer id was given up before all that this node has heard, unless a cell of it is here or comes
/// with it; and its sender is told that it may go. Not learning is always safe: what is not marked seen is asked for again. Design: ADR 19.
/// </summary>
internal sealed class WriterGuard(ReplicaState state)
{
    private readonly SortedDictionary<ulong, ulong> _skipped = [];

    /// <summary>Entries not learned so far; one that is offered again counts again.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>Contexts that named more writers than any can come to, and were not joined.</summary>
    public long OverlongCount { get; private set; }

    /// <summary>How many writes of an id the context named that came last, where that was not learned: all that its sender holds of it is here.</summary>
    public ulong SkippedUpTo(ulong writer) => _skipped.GetValueOrDefault(writer);

    /// <summary>The frame with what may be learned of its context.</summary>
    public DeltaFrame Pass(NodeId from, DeltaFrame frame)
    {
        _skipped.Clear();
        if (frame.Context is not { } theirs) return frame;
        if (theirs.WriterCount > DotContext.WritersMax)
        {
            OverlongCount++;
            return frame with { Context = null };
        }

        state.Store.Writers.Note(frame);
        Judge(frame, theirs);
        if (_skipped.Count == 0) return frame;
        SkippedCount += _skipped.Count;
        var writers = _skipped.Keys.Take(WritersRetired.CountMax).ToList();
        state.Send(from, new WritersRetired(frame.Bucket, writers, [.. writers.Select(state.Store.Writers.NextOf)]));
        return frame with { Context = theirs.Without(_skipped.Keys) };
    }

    // Where this node holds nothing of the bucket it may be about to begin: it learns all.
    private void Judge(DeltaFrame frame, DotContext theirs)
    {
        if (state.Store.Find(frame.Bucket) is not { } bucket) return;
        HashSet<ulong>? named = null;
        foreach (var (writer, seq) in theirs.Vector)
        {
            if (bucket.Context.Highest(writer) > 0 || writer == state.Store.Actor || !IsPast(bucket, writer)) continue;
            named ??= [.. bucket.NamedWriters(), .. Bucket.NamedWriters(frame.Cells)];
            if (!named.Contains(writer) && !Planted.Is(Mutant.RetiredLearnedAgain)) _skipped[writer] = seq;
        }
    }

    private bool IsPast(Bucket bucket, ulong writer) =>
        state.Store.Writers.SupersededAt(writer) is { } at && (at < bucket.Forgotten.Floor || at < state.Horizon);
}
