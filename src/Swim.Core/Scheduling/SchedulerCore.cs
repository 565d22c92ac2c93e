using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;

namespace Swim.Core.Scheduling;

/// <summary>
/// The executing side of a node: grants slots as credits, starts what planners dispatch, shows what runs in heartbeats, and keeps
/// each end until an owner has it on disk. It writes no state; a crash loses only attempts, which planners run again.
/// </summary>
public sealed class SchedulerCore(int slots)
{
    /// <summary>Attempts remembered as done, so that a late dispatch of one is not run again.</summary>
    public const int RememberedMax = 4_096;

    /// <summary>Ends kept for owners that do not answer; beyond it the oldest is dropped and its task runs again.</summary>
    public const int UnackedMax = 10_000;

    private const int TickTimer = StateKernel.SchedulerTimers;
    private const int LeaseTimer = StateKernel.SchedulerTimers + 1;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ResendFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ResendMax = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<AttemptId, NodeId> _running = [];
    private readonly SortedDictionary<AttemptId, Ended> _ended = [];
    private readonly HashSet<AttemptId> _done = [];
    private readonly Queue<AttemptId> _doneOrder = new();
    private readonly SlotLedger _ledger = new(slots);
    private readonly LeaseLedger _leases = new();
    private Placement? _placement;
    private long _heartbeatDue;
    private long _leaseTimerTicks = long.MaxValue;

    /// <summary>How many tasks may run at once.</summary>
    public int Slots => slots;

    /// <summary>How many run now.</summary>
    public int Running => _running.Count;

    /// <summary>True when nothing runs and an owner has each end on its disk.</summary>
    public bool IsIdle => _running.Count == 0 && _ended.Count == 0;

    /// <summary>Free slots that are granted to planners.</summary>
    public long Granted => _ledger.Outstanding;

    /// <summary>Begins.</summary>
    public void Start(Now now, Outbox outbox) => outbox.SetTimer(new NodeTimer(TickTimer, 0, 0), now.After(TickPeriod));

    /// <summary>The members changed.</summary>
    public void OnPlacement(Now now, Placement placement, Outbox outbox)
    {
        _placement = placement;
        _ledger.Keep(placement);
        TellGrants(outbox);
    }

    /// <summary>True while no dispatched attempt is begun.</summary>
    public bool IsDraining => _ledger.IsClosed;

    /// <summary>
    /// Begins no attempt from now on, or begins attempts again. What runs goes on; what is dispatched goes back unstarted, and all
    /// credits are recalled. Lost with a restart.
    /// </summary>
    public void Drain(bool isDraining, Outbox outbox)
    {
        if (isDraining == IsDraining) return;
        _ledger.Close(isDraining);
        TellGrants(outbox);
    }

    /// <summary>A planner said something.</summary>
    public void OnMessage(Now now, NodeId from, PeerMessage message, Outbox outbox)
    {
        if (_placement is null) return;
        switch (message)
        {
            case CreditDemand m when m.ExecutorEpoch == _placement.Epoch:
                _ledger.OnDemand(from, m);
                break;
            case Dispatch m: OnDispatch(now, from, m, outbox); break;
            case LeaseExtended m: _leases.Extend(now, m); break;
            case StopAttempt m: OnStop(now, from, m.Attempt, outbox); break;
            case AttemptEndedAck m: if (_ended.Remove(m.Attempt)) Remember(m.Attempt); break;
            default: return;
        }

        TellGrants(outbox);
    }

    /// <summary>An attempt that <see cref="StartTask"/> began has ended.</summary>
    public void OnTaskFinished(Now now, AttemptId attempt, AttemptOutcome outcome, Outbox outbox)
    {
        if (!_running.Remove(attempt, out var planner)) return;
        _leases.Remove(attempt);
        while (_ended.Count >= UnackedMax) _ended.Remove(_ended.First().Key);
        var ended = new Ended(outcome, planner);
        _ended[attempt] = ended;
        Report(now, attempt, ended, outbox);
        TellGrants(outbox);
    }

    /// <summary>A timer is due.</summary>
    public void OnTimer(Now now, NodeTimer timer, Outbox outbox)
    {
        if (timer.Kind == LeaseTimer) StopExpired(now, outbox);
        if (timer.Kind != TickTimer) return;
        outbox.SetTimer(timer, now.After(TickPeriod));
        if (_placement is null) return;
        foreach (var (attempt, ended) in _ended)
        {
            if (ended.DueTicks <= now.Ticks) Report(now, attempt, ended, outbox);
        }

        if (now.Ticks >= _heartbeatDue) Heartbeat(now, outbox);
        _ledger.RecallAgain();
        TellGrants(outbox);
    }

    private void OnDispatch(Now now, NodeId from, Dispatch dispatch, Outbox outbox)
    {
        _ledger.OnDispatch(from, dispatch.PlannerEpoch, dispatch.CreditsUsed);
        if (_running.ContainsKey(dispatch.Attempt) || _done.Contains(dispatch.Attempt)) return;
        if (_ended.TryGetValue(dispatch.Attempt, out var ended))
        {
            Report(now, dispatch.Attempt, ended, outbox);
            return;
        }

        var isExpired = _leases.IsTurnedAway(dispatch.Attempt) || (dispatch.LeaseUntilUnixMs > 0 && now.WallMs >= dispatch.LeaseUntilUnixMs && !Planted.Is(Mutant.LeaseEndless));
        if (isExpired || dispatch.ExecutorEpoch != _placement!.Epoch || _running.Count >= slots || IsDraining)
        {
            // Whoever hears of it lets another begin: a copy of this dispatch must not.
            if (dispatch.LeaseUntilUnixMs > 0) _leases.TurnAway(dispatch.Attempt);
            outbox.Add(new SendToPeer(from, new AttemptHandedBack(dispatch.Attempt)));
            return;
        }

        _running[dispatch.Attempt] = from;
        if (dispatch.LeaseUntilUnixMs > 0)
        {
            _leases.Begin(now, dispatch.Attempt, dispatch.LeaseUntilUnixMs);
            WatchLeases(outbox);
        }

        outbox.Add(new StartTask(dispatch.Attempt, dispatch.Tool, dispatch.Arguments, dispatch.Timeout) { TaskName = dispatch.TaskName });
    }

    private void StopExpired(Now now, Outbox outbox)
    {
        if (Planted.Is(Mutant.LeaseEndless)) return;
        foreach (var attempt in _leases.TakeExpired(now)) outbox.Add(new StopTask(attempt));
        if (now.Ticks >= _leaseTimerTicks) _leaseTimerTicks = long.MaxValue;
        WatchLeases(outbox);
    }

    // One timer for all leases: it looks again where those that it was set for were extended.
    private void WatchLeases(Outbox outbox)
    {
        if (_leases.NextTicks is not { } next || next >= _leaseTimerTicks) return;
        _leaseTimerTicks = next;
        outbox.SetTimer(new NodeTimer(LeaseTimer, 0, 0), next);
    }

    private void OnStop(Now now, NodeId from, AttemptId attempt, Outbox outbox)
    {
        if (_running.ContainsKey(attempt))
        {
            outbox.Add(new StopTask(attempt));
        }
        else if (_ended.TryGetValue(attempt, out var ended))
        {
            Report(now, attempt, ended, outbox);
        }
        else
        {
            Remember(attempt);
            var stopped = new AttemptOutcome(AttemptOutcomeKind.Stopped, default, "CANCELLED", "Stopped before it began.", false, 0, 0);
            outbox.Add(new SendToPeer(from, new AttemptEnded(attempt, stopped)));
        }
    }

    // To whoever dispatched it first, then to each acting owner in turn: any of them may commit it.
    private void Report(Now now, AttemptId attempt, Ended ended, Outbox outbox)
    {
        var owners = _placement!.ActingOwners(Buckets.BucketOf(attempt.Workflow.Place));
        var to = ended.Tries == 0 && !_placement.IsDown(ended.Planner) || owners.Length == 0
            ? ended.Planner
            : owners[Math.Max(0, ended.Tries - 1) % owners.Length];
        outbox.Add(new SendToPeer(to, new AttemptEnded(attempt, ended.Outcome)));
        var wait = ResendFirst * Math.Min(1 << Math.Min(ended.Tries, 10), ResendMax / ResendFirst);
        ended.Tries++;
        ended.DueTicks = now.After(wait);
    }

    private void Heartbeat(Now now, Outbox outbox)
    {
        _heartbeatDue = now.After(HeartbeatPeriod);
        var byPlanner = new SortedDictionary<NodeId, List<AttemptId>>();
        foreach (var attempt in _running.Keys)
        {
            if (_placement!.ActingOwners(Buckets.BucketOf(attempt.Workflow.Place)) is not [var planner, ..]) continue;
            if (!byPlanner.TryGetValue(planner, out var attempts)) byPlanner[planner] = attempts = [];
            attempts.Add(attempt);
        }

        foreach (var (planner, attempts) in byPlanner)
            outbox.Add(new SendToPeer(planner, new AttemptsRunning(_placement!.Epoch, attempts)));
    }

    private void TellGrants(Outbox outbox)
    {
        if (_placement is null) return;
        foreach (var (planner, epoch, granted, recall) in _ledger.Grant(_running.Count))
            outbox.Add(new SendToPeer(planner, new CreditGrant(_placement.Epoch, epoch, granted, recall)));
    }

    private void Remember(AttemptId attempt)
    {
        if (!_done.Add(attempt)) return;
        _doneOrder.Enqueue(attempt);
        if (_doneOrder.Count > RememberedMax) _done.Remove(_doneOrder.Dequeue());
    }

    private sealed class Ended(AttemptOutcome outcome, NodeId planner)
    {
        public AttemptOutcome Outcome => outcome;
        public NodeId Planner => planner;
        public int Tries { get; set; }
        public long DueTicks { get; set; }
    }
}
