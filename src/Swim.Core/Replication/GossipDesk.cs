using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Carries gossip out: for the system bucket, which every member holds, and for all buckets where they have more owners than a push
/// should go to. A rumour is passed on with the cells that stand here, once they made this replica greater: then they are in this
/// call's record, and nothing leaves before that is durable.
/// </summary>
/// <remarks>
/// Ack levels hold as with direct push. An owner that heard a rumour, from whomever, acknowledges to its origin; one that has not done so
/// in time is repaired with (<see cref="ReplicationAcks.TakeOverdue"/>), and the contexts of that exchange acknowledge as well.
/// </remarks>
internal sealed class GossipDesk(ReplicaState state, FrameIntake intake, Repairer repairer)
{
    /// <summary>Its timer's kind.</summary>
    public const int TimerKind = 3;

    private readonly Gossip _gossip = new(state.Prng);
    private long _nextRound;
    private bool _isArmed;

    /// <summary>Rumours dropped before their last round, for want of room; repair brings what they told.</summary>
    public long DroppedCount => _gossip.DroppedCount;

    /// <summary>Own writes that were just appended.</summary>
    public void OnWritten(DeltaFrame frame) => _gossip.Hear(new Rumour(state.Self, frame), state.Self);

    /// <summary>Another node tells of writes.</summary>
    public void OnGossip(NodeId from, GossipCells message)
    {
        foreach (var rumour in message.Rumours)
        {
            if (!state.Gossips(rumour.Frame.Bucket) || rumour.Origin == state.Self) continue;
            if (!intake.TryMerge(from, rumour.Frame, () => new GossipCells([rumour]))) continue;
            var isNews = intake.WasNews;
            if (isNews) _gossip.Hear(rumour with { Frame = AsItStands(rumour.Frame) }, from);
            if (isNews || from == rumour.Origin) Acknowledge(rumour);
        }
    }

    /// <summary>Its timer is due.</summary>
    public void OnTimer() => _isArmed = false;

    /// <summary>At the end of each call, when all that it wrote is appended: a round where one is due.</summary>
    public void Settle()
    {
        if (_gossip.Count == 0) return;
        if (state.Now.Ticks >= _nextRound)
        {
            _nextRound = state.Now.After(state.Settings.GossipPeriod);
            Carry(_gossip.Next(state.Placement.LivePeers, state.Placement.Holds));
        }

        if (_gossip.Count == 0 || _isArmed) return;
        _isArmed = true;
        state.Outbox.SetTimer(new NodeTimer(TimerKind, 0, 0), _nextRound);
    }

    private void Carry(GossipRound round)
    {
        foreach (var (to, rumours) in round.Messages) state.Send(to, new GossipCells(rumours));
        if (round.Sync is { } sync) repairer.Mend(sync.Peer, sync.Bucket);
    }

    // A write that was overwritten here goes on as the cell that stands in its place: whoever takes the frame in must hold what its context tells.
    private DeltaFrame AsItStands(DeltaFrame frame)
    {
        var bucket = state.Store.Find(frame.Bucket)!;
        return frame with { Cells = [.. frame.Cells.Select(cell => bucket.Find(cell.Key.Workflow)?.Find(cell.Key.Kind, cell.Key.Subkey)).OfType<Cell>()] };
    }

    private void Acknowledge(Rumour rumour)
    {
        var frame = rumour.Frame;
        if (!state.Placement.Map.IsHomeOwner(frame.Bucket, state.Self) && !state.Placement.Acts(frame.Bucket)) return;
        state.Send(rumour.Origin, new PushAck(frame.Bucket, frame.Actor, state.Store.Find(frame.Bucket)!.Context.SeenUpTo(frame.Actor)));
    }
}
