using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Where cells of other nodes come in: checks them, and their stamps against this node's clock. Up to
/// <see cref="HybridLogicalClock.AcceptAheadMs"/> ahead a frame is merged, up to <see cref="HybridLogicalClock.HoldAheadMs"/> it is
/// held until due, beyond that it is refused; no such stamp moves the clock.
/// </summary>
internal sealed class FrameIntake(ReplicaState state)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    private readonly HeldFrames _held = new();
    private readonly FloorGuard _guard = new(state);
    private readonly WriterGuard _writers = new(state);
    private readonly SortedDictionary<NodeId, long> _toldAt = [];

    /// <summary>That node has seen writes of this one that this one knows nothing of: it is to write under another id.</summary>
    public Action<NodeId>? OnRollback { get; init; }

    /// <summary>Cells that were malformed, frames whose stamps are too far ahead, contexts with too many writers, and frames that found no room to wait.</summary>
    public long RejectedCount => MalformedCount + TooFarAheadCount + _held.DroppedCount + _writers.OverlongCount;

    /// <summary>Cells refused as malformed or of another bucket than their frame's.</summary>
    public long MalformedCount { get; private set; }

    /// <summary>Frames refused because a stamp was further ahead than <see cref="HybridLogicalClock.HoldAheadMs"/>.</summary>
    public long TooFarAheadCount { get; private set; }

    /// <summary>Workflows refused since they are unknown here and older than all that is.</summary>
    public long BelowFloorCount => _guard.RefusedCount;

    /// <summary>Frames that wait until their stamps are no longer ahead.</summary>
    public int HeldCount => _held.Count;

    /// <summary>True when the frame merged last told something new: a cell, or that a write is overwritten.</summary>
    public bool WasNews { get; private set; }

    /// <summary>How far the frame merged last knew a writer whose entry was not learned: this node holds all that its sender does of it.</summary>
    public ulong SkippedUpTo(ulong writer) => _writers.SkippedUpTo(writer);

    /// <summary>The next message that was held and is due; give it in again as if it came now.</summary>
    public bool TryTakeDue(out NodeId from, out PeerMessage message) => _held.TryTakeDue(state.SharedNow, out from, out message);

    /// <summary>Merges a frame; false when it was refused, or held: then <paramref name="again"/> is what comes back when it is due, or a push of the frame.</summary>
    public bool TryMerge(NodeId from, DeltaFrame frame, Func<PeerMessage>? again = null)
    {
        var (cells, latest) = WellFormed(frame.Cells, frame.Bucket);
        var verdict = state.Clock.Witness(state.SharedNow, latest);
        if (verdict == SkewVerdict.Hold) _held.Hold(from, again?.Invoke() ?? new PushCells([frame]), frame, latest);
        if (verdict == SkewVerdict.Refuse) Refuse(cells.MaxBy(static cell => cell.Stamp)!);
        if (verdict != SkewVerdict.Accept) return false;
        MalformedCount += frame.Cells.Count - cells.Count;
        WasNews = state.Store.Merge(_writers.Pass(from, _guard.Pass(from, ReferenceEquals(cells, frame.Cells) ? frame : frame with { Cells = cells })));
        // Before anything is written in this call: the number of what was would be one that is taken.
        if (state.Store.TakeRollback()) OnRollback?.Invoke(from);
        return true;
    }

    // Its writer is to know: whoever passes it on is not to blame.
    private void Refuse(Cell cell)
    {
        TooFarAheadCount++;
        var writer = cell.Node;
        if (writer == state.Self || state.Placement?.IsDown(writer) != false) return;
        if (_toldAt.TryGetValue(writer, out var at) && state.Now.Since(at) < TellEvery) return;
        _toldAt[writer] = state.Now.Ticks;
        state.Send(writer, new ClockAhead(cell.Stamp.PhysicalMs - state.SharedNow.WallMs));
    }

    // The same list where all are, as nearly always.
    private static (IReadOnlyList<Cell> Cells, HlcTimestamp Latest) WellFormed(IReadOnlyList<Cell> cells, int bucket)
    {
        var (count, latest) = (0, default(HlcTimestamp));
        for (; count < cells.Count && IsWellFormed(cells[count], bucket); count++)
        {
            if (cells[count].Stamp > latest) latest = cells[count].Stamp;
        }

        return count == cells.Count ? (cells, latest) : WellFormed([.. cells.Where(cell => IsWellFormed(cell, bucket))], bucket);
    }

    private static bool IsWellFormed(Cell cell, int bucket) => Belongs(cell.Key, bucket) && cell.TryCheck();

    private static bool Belongs(in CellKey key, int bucket) =>
        bucket == Ring.Buckets.System ? key.Workflow == SystemCells.Id : Ring.Buckets.BucketOf(key.Workflow.Place) == bucket;
}
