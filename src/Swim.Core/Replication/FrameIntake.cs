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
    private const int GapsMax = 4_096;
    private static readonly TimeSpan ExchangeLife = TimeSpan.FromSeconds(10);
    private readonly HeldFrames _held = new();
    private readonly SortedSet<(NodeId From, int Bucket, long Exchange)> _gaps = [];
    private long _contextsFromTicks = long.MinValue;

    /// <summary>Cells that were malformed, frames whose stamps are too far ahead, and frames that found no room to wait.</summary>
    public long RejectedCount => MalformedCount + TooFarAheadCount + _held.DroppedCount;

    /// <summary>Cells refused as malformed or of another bucket than their frame's.</summary>
    public long MalformedCount { get; private set; }

    /// <summary>Frames refused because a stamp was further ahead than <see cref="HybridLogicalClock.HoldAheadMs"/>.</summary>
    public long TooFarAheadCount { get; private set; }

    /// <summary>Frames that wait until their stamps are no longer ahead.</summary>
    public int HeldCount => _held.Count;

    /// <summary>Merges the frame of a push; false when it was held or refused.</summary>
    public bool TryMerge(NodeId from, DeltaFrame frame) => TryMerge(from, frame, () => new PushCells([frame]));

    /// <summary>
    /// Merges the frame of a repair exchange; false when it was held or refused. The context of an exchange is learned only if all of
    /// its cells were merged before, or it would be ahead of the cells: its sender names it again in the next exchange.
    /// </summary>
    public bool TryMerge(NodeId from, RepairCells cells)
    {
        var exchange = (from, cells.Frame.Bucket, cells.Exchange);
        var learns = !_gaps.Contains(exchange) && state.Now.Ticks >= _contextsFromTicks;
        var frame = learns ? cells.Frame : cells.Frame with { Context = null };
        if (!TryMerge(from, frame, () => cells with { Frame = frame }))
        {
            if (!cells.Last) MarkGap(exchange);
            return false;
        }

        if (cells.Last) _gaps.Remove(exchange);
        return true;
    }

    /// <summary>The next message that was held and is due; give it in again as if it came now.</summary>
    public bool TryTakeDue(out NodeId from, out PeerMessage message) => _held.TryTakeDue(state.Now, out from, out message);

    private bool TryMerge(NodeId from, DeltaFrame frame, Func<PeerMessage> again)
    {
        var cells = frame.Cells.Where(cell => Ring.Buckets.BucketOf(cell.Key.Workflow.Place) == frame.Bucket && cell.TryCheck()).ToList();
        var latest = cells.Count == 0 ? default : cells.Max(static cell => cell.Stamp);
        var verdict = state.Clock.Witness(state.Now, latest);
        if (verdict == SkewVerdict.Hold) _held.Hold(from, again(), frame, latest);
        if (verdict == SkewVerdict.Refuse) TooFarAheadCount++;
        if (verdict != SkewVerdict.Accept) return false;
        MalformedCount += frame.Cells.Count - cells.Count;
        state.Store.Merge(frame with { Cells = cells });
        return true;
    }

    // Exchanges that broke off leave their mark behind. When there are too many all are forgotten, and until every exchange now under
    // way is over no context is learned.
    private void MarkGap((NodeId From, int Bucket, long Exchange) exchange)
    {
        if (_gaps.Count >= GapsMax)
        {
            _gaps.Clear();
            _contextsFromTicks = state.Now.After(ExchangeLife);
        }

        _gaps.Add(exchange);
    }
}
