using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Forgets workflows without bringing them back. Who plans a bucket collects what has ended and is older than its retention: a tombstone
/// takes the place of its cells. A home owner drops a tombstone once all home owners have it and everything as old is known here, and
/// raises the bucket's floor with it. Goes round all buckets again and again, a few at a time. Design: ADR 12.
/// </summary>
internal sealed class Forgetter(ReplicaState state, ReplicationAcks acks, Readiness readiness, WriterRetirement retirement)
{
    /// <summary>Workflows collected in one call, which makes one record of the log.</summary>
    public const int CollectsMax = 128;

    private const int RoundsPerRetention = 64;
    private static readonly TimeSpan RoundMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoundMax = TimeSpan.FromMinutes(10);

    private readonly Horizon _horizon = new(state);
    private long _startedMs;
    private long _lastTicks;
    private int _next;
    private bool _lags;

    /// <summary>Workflows collected here since the start.</summary>
    public long CollectedCount { get; private set; }

    /// <summary>Tombstones held.</summary>
    public int TombstoneCount => state.Store.Buckets.Sum(static bucket => bucket.Forgotten.TombstoneCount);

    /// <summary>
    /// How far that up to which this node has heard everything lies behind now: G at best. Counts from the start until everybody was heard once.
    /// </summary>
    public TimeSpan Lag { get; private set; }

    /// <summary>The members changed.</summary>
    public void OnPlacement()
    {
        if (_startedMs == 0) (_startedMs, _lastTicks) = (state.Now.WallMs, state.Now.Ticks);
        _horizon.OnPlacement();
        state.Horizon = _horizon.Value;
        state.Store.Writers.NoteLeft(state.Placement.LeftMembers, state.Now.WallMs);
    }

    /// <summary>An exchange has brought all that the peer held then.</summary>
    public void OnHeard(NodeId peer, ulong ring, long heardMs) => _horizon.OnExchanged(peer, ring, heardMs);

    /// <summary>Time has passed: looks at the next few buckets.</summary>
    public void Tend()
    {
        if (!readiness.IsReady) return;
        var horizon = state.Horizon = _horizon.Value;
        Watch(horizon);
        var left = CollectsMax;
        for (var looks = Looks(); looks > 0 && left > 0; looks--)
        {
            if (state.Store.Find(_next) is { } bucket)
            {
                if (state.Placement.Plans(_next)) left -= Collect(bucket, horizon, left);
                Drop(bucket, horizon);
                retirement.Tend(bucket);
            }

            _next = (_next + 1) % Buckets.Count;
            if (_next == 0 && state.Store.Find(Buckets.System) is { } system) retirement.Tend(system);
        }
    }

    private int Looks()
    {
        var round = state.Settings.Forgetting.Retention / RoundsPerRetention;
        round = round < RoundMin ? RoundMin : round > RoundMax ? RoundMax : round;
        var looks = (long)Buckets.Count * state.Now.Since(_lastTicks).Ticks / round.Ticks;
        if (looks > 0) _lastTicks = state.Now.Ticks;
        return (int)Math.Min(looks, Buckets.Count);
    }

    private void Watch(HlcTimestamp horizon)
    {
        var grace = state.Settings.Forgetting.Grace;
        var since = Math.Max(horizon.PhysicalMs, _startedMs - (long)grace.TotalMilliseconds);
        Lag = TimeSpan.FromMilliseconds(state.Now.WallMs - since);
        if (Lag > 2 * grace && !_lags) state.Outbox.Notify(new FloorLagging(Lag));
        _lags = Lag > 2 * grace;
    }

    private int Collect(Bucket bucket, HlcTimestamp horizon, int most)
    {
        var due = bucket.Workflows.Where(cells => IsDue(cells, horizon)).Take(most).ToList();
        foreach (var cells in due)
        {
            var outcome = cells.Run!.Outcome;
            state.Write(new CellKey(cells.Id, CellKind.Tombstone, default), CellPayloads.Encode(new TombstoneValue(cells.Created, outcome)));
            state.Outbox.Notify(new WorkflowCollected(cells.Id, outcome));
        }

        CollectedCount += due.Count;
        return due.Count;
    }

    // By the stamps of its cells alone, and by the slowest clock: whoever looks finds the same. And only what nobody can still be at work
    // on: all that anybody wrote up to its end is known here, and every home owner holds the same.
    private bool IsDue(WorkflowCells cells, HlcTimestamp horizon)
    {
        var nowMs = Planted.Is(Mutant.CollectedUnheard) ? state.Now.WallMs : _horizon.SlowestMs;
        if (cells.Submission is null || nowMs - cells.Created.PhysicalMs <= 2 * state.Settings.Forgetting.Grace.TotalMilliseconds) return false;
        if (cells.Run is not { } run || !run.Outcome.IsTerminal()) return false;
        var last = cells.All.Max(static cell => cell.Stamp);
        if (nowMs - last.PhysicalMs <= (run.Definition.Retention ?? state.Settings.Forgetting.Retention).TotalMilliseconds) return false;
        return Planted.Is(Mutant.CollectedUnheard) || (last < horizon && acks.IsEverywhere(cells.Bucket, cells.Version));
    }

    private void Drop(Bucket bucket, HlcTimestamp horizon)
    {
        if (bucket.Forgotten.TombstoneCount == 0 || !state.Placement.Map.IsHomeOwner(bucket.Number, state.Self)) return;
        var byAge = Planted.Is(Mutant.TombstoneByAge);
        var dropped = bucket.Forgotten.Tombstones
            .Where(tombstone => byAge ? IsOld(tombstone.Cell) : IsOver(bucket, tombstone.Cell, tombstone.Version, horizon))
            .Select(static tombstone => tombstone.Cell.Key.Workflow).ToList();
        if (dropped.Count > 0) state.Store.Forget(new Forgetting(bucket.Number, byAge ? HlcTimestamp.Zero : horizon, dropped, []));
    }

    // Its own stamp is later than the workflow's: for as long as G it says that there was one, and keeps the key.
    private bool IsOver(Bucket bucket, Cell tombstone, long version, HlcTimestamp horizon)
    {
        if (CellPayloads.Tombstone(tombstone).Created >= horizon) return false;
        return Planted.Is(Mutant.TombstoneUnacked) || (tombstone.Stamp < horizon && acks.IsEverywhere(bucket.Number, version));
    }

    private bool IsOld(Cell tombstone) => state.Now.WallMs - tombstone.Stamp.PhysicalMs > state.Settings.Forgetting.Grace.TotalMilliseconds;
}
