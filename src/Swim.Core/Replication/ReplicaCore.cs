using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// The state core of a node: the cells of its buckets, their spread and repair, and the planning of their workflows. Synchronous
/// and deterministic; every call ends with at most one record for the log. Its outputs are held until that record is durable.
/// </summary>
public sealed partial class ReplicaCore
{
    private const int TickTimer = 1;
    private const int WakeTimer = 2;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ReplicaState _state;
    private readonly ReplicationAcks _acks;
    private readonly Readiness _readiness;
    private readonly Bootstrapping _bootstrapping;
    private readonly Handoff _handoff;
    private readonly ClockWatch _clock;
    private readonly Repairer _repairer;
    private readonly RepairRounds _rounds;
    private readonly RepairAnswers _answers;
    private readonly OpenRuns _runs;
    private readonly GossipDesk _gossip;
    private readonly Planner _planner;
    private readonly CommandDesk _desk;
    private readonly SystemDesk _system;
    private readonly LostAndFound _lost;
    private readonly ListDesk _lists;
    private readonly FrameIntake _intake;
    private readonly Checkpointer _checkpointer;
    private readonly Forgetter _forgetter;
    private readonly WriterRetirement _retirement;
    private readonly WriterCap _cap;
    private readonly Refusals _refusals;
    private readonly Func<WorkflowId, bool> _plans;
    private readonly SortedSet<WorkflowId> _dirty = [];
    private readonly List<WorkflowId> _changed = [];
    private readonly SeenPeers _peers = new();
    private readonly RingViews _views;

    /// <summary>A core that holds nothing yet.</summary>
    public ReplicaCore(ReplicaSettings settings, Prng prng)
    {
        _state = new ReplicaState(settings, prng);
        Keeper = new RingKeeper(settings);
        _plans = Plans;
        _views = new RingViews(_state);
        _acks = new ReplicationAcks(_state) { Gossip = frame => _gossip!.OnWritten(frame) };
        _intake = new FrameIntake(_state) { OnRollback = OnRollback };
        _checkpointer = new Checkpointer(_state.Store);
        _clock = new ClockWatch(_state);
        _readiness = new Readiness(_state) { Clock = _clock };
        _retirement = new WriterRetirement(_state, _acks);
        _forgetter = new Forgetter(_state, _acks, _readiness, _retirement);
        _cap = new WriterCap(_state);
        _refusals = new Refusals(_state);
        _bootstrapping = new Bootstrapping(_state);
        _repairer = new Repairer(_state)
        {
            Completed = OnExchanged,
            Heard = _forgetter.OnHeard,
            FoundEqual = _acks.OnEqual,
            Asks = _bootstrapping.AskedOf,
            Compared = _bootstrapping.OnDigests,
            Exchanged = _bootstrapping.OnExchanged,
        };
        _handoff = new Handoff(_state) { Unexplained = (peer, bucket) => _repairer.Mend(peer, bucket), Drop = Drop };
        _gossip = new GossipDesk(_state, _intake, _repairer);
        _rounds = new RepairRounds(_state, _repairer);
        _answers = new RepairAnswers(_state);
        _planner = new Planner(_state, _acks) { WakeAfter = WakeAfter };
        _runs = new OpenRuns(_state, _planner.Claims);
        _system = new SystemDesk(_state, _acks);
        _lost = new LostAndFound(_state);
        _desk = new CommandDesk(_state, _acks, _readiness, _bootstrapping) { Cap = _cap, Plan = PlanIfMine, System = _system, Explain = new Explainer(_state, _planner, IsComplete).Answer };
        _lists = new ListDesk(_state, _readiness, new WorkflowLister(_state, _acks, _bootstrapping));
    }

    /// <summary>Makes the placements that <see cref="OnPlacement"/> is told of.</summary>
    public RingKeeper Keeper { get; }

    /// <summary>Begins.</summary>
    public void Start(Now now, Outbox outbox)
    {
        outbox.SetTimer(new NodeTimer(TickTimer, 0, 0), now.After(TickPeriod));
        TellOfRemovals(outbox);
    }

    /// <summary>The members changed; the first call makes the node take part.</summary>
    public void OnPlacement(Now now, Placement placement, Outbox outbox) => Handle(now, outbox, () =>
    {
        var previous = _state.Placement;
        _state.Placement = placement = placement.WithOff(_clock.Off);
        _planner.Voter.OnPlacement();
        // Until it has exchanged state with somebody it is as if it had just started, whomever it hears of next.
        var begins = previous is null || (!_readiness.HasExchanged && previous.Map != placement.Map);
        var (returned, strangers) = _peers.OnPlacement(placement);
        var awaited = begins ? placement.LivePeers.ToList() : returned;
        if (previous is null) _clock.Begin();
        if (previous is null) StartWriting(placement, awaited.Count);
        _readiness.Await(awaited);
        var asked = _bootstrapping.OnPlacement(begins ? null : previous);
        EndBootstrapping();
        if (previous?.Map != placement.Map) _handoff.OnRing();
        _acks.OnPlacement(previous);
        _planner.Claims.OnPlacement();
        foreach (var peer in asked) _repairer.OpenAnew(peer);
        foreach (var peer in awaited.Union(strangers)) _repairer.Open(peer);
        _forgetter.OnPlacement();
        _planner.Credits.Reserve(placement.Self, placement.Epoch);
        _dirty.UnionWith(_planner.Credits.Keep(placement));
        _dirty.UnionWith(_runs.All());
    });

    /// <summary>Another node said something; a malformed part of it is refused alone.</summary>
    public void OnMessage(Now now, NodeId from, PeerMessage message, Outbox outbox)
    {
        if (_state.Placement is null || IsRemoved(from)) return;
        Begin(now, outbox);
        Dispatch(from, message);
        End(outbox);
    }

    /// <summary>Someone outside asks something; answered exactly once. Not before the first placement.</summary>
    public void OnCommand(Now now, long commandId, Command command, Outbox outbox)
    {
        if (_state.Placement is null)
        {
            outbox.Add(new Answer(commandId, new Refused(RefusalReason.Unavailable, "NOT_READY", "The node has not joined its cluster yet: try again.")));
            return;
        }

        Handle(now, outbox, () =>
        {
            if (command is ListCommand list) _lists.OnCommand(commandId, list);
            else _desk.OnCommand(commandId, command);
        });
    }

    /// <summary>A timer is due.</summary>
    public void OnTimer(Now now, NodeTimer timer, Outbox outbox)
    {
        if (timer.Kind == TickTimer) outbox.SetTimer(timer, now.After(TickPeriod));
        if (_state.Placement is null) return;
        Handle(now, outbox, () =>
        {
            if (timer.Kind == TickTimer) Tick();
            else if (timer.Kind == GossipDesk.TimerKind) _gossip.OnTimer();
            else _dirty.UnionWith(_runs.RetryingOf((int)timer.Subject));
        });
    }

    private void Handle(Now now, Outbox outbox, Action body)
    {
        Begin(now, outbox);
        body();
        End(outbox);
    }

    private void Begin(Now now, Outbox outbox) => (_state.Now, _state.Outbox) = (now, outbox);

    private void End(Outbox outbox)
    {
        EndBootstrapping();
        Settle();
        TellFlips(outbox);
        _acks.Push(_state.Store.Commit(outbox));
        _gossip.Settle();
        TellOfRemovals(outbox);
        _planner.Credits.Tell(_state.Now, _state.Placement, outbox);
    }

    private void TellOfRemovals(Outbox outbox)
    {
        if (!_state.Removals.Refresh(_state.Store)) return;
        outbox.Add(new RemovalsChanged(_state.Removals.All));
        foreach (var removal in _state.Removals.All) _state.Store.Writers.NoteRemoved(removal.Node, removal.AtUnixMs);
    }

    private void TellFlips(Outbox outbox)
    {
        foreach (var (before, after) in _state.Store.TakeFlips())
        {
            var (from, to) = (before.Status, after.Status);
            var task = _state.NameOf(after.Key.Workflow, (int)after.Key.Subkey.A);
            outbox.Notify(new WinnerFlipped(after.Key.Workflow, task, from.State, from.Detail.Executor, to.State, to.Attempt, to.Detail.Executor));
        }
    }

    // Plans what changed: a plan changes only the workflow it is about, and rivals for its key, which it plans as well.
    private void Settle()
    {
        _changed.Clear();
        _state.Store.TakeChanged(_changed);
        foreach (var workflow in _changed) _dirty.Add(workflow);
        while (_dirty.Count > 0)
        {
            var next = _dirty.Min;
            _dirty.Remove(next);
            PlanIfMine(next);
        }

        _planner.PlaceWaiting(_plans);
        _state.Store.TakeChanged(_changed);
        _changed.SortOnce();
        _desk.Review(_changed);
    }

    private void Dispatch(NodeId from, PeerMessage message)
    {
        _views.Note(from, message);
        if (message is RepairGroups or RepairDigests or RepairCells or RepairSymbols) _bootstrapping.Heard(from);
        switch (message)
        {
            case PeerBatch m: foreach (var part in m.Messages) Dispatch(from, part); break;
            case PushCells m: OnPush(from, m); break;
            case GossipCells m: _gossip.OnGossip(from, m); break;
            case ContextAsk m: _lost.OnAsk(from, m); break;
            case ContextTell m: _lost.OnTell(from, m); break;
            case ClockAsk m: _clock.OnAsk(from, m); break;
            case ClockTell m: if (_clock.OnTell(from, m)) OnClocks(); break;
            case ClockOff m: if (_clock.OnOff(from, m)) OnClocks(); break;
            case ClockAhead m: _clock.OnAhead(from, m); break;
            case PushAck m: _acks.OnAck(from, m.Bucket, m.Actor, m.SeenUpTo); _planner.Majority.OnAcked(m.Bucket); _desk.Review(_runs.AllOf(m.Bucket)); _system.Review(); break;
            case RepairOpen m: if (m is { Asked: not null, Groups: null }) _acks.Doubt(from, m.Asked); _repairer.OnOpen(from, m); break;
            case RepairGroups m: _repairer.OnGroups(from, m); break;
            case RepairDigests m: _repairer.OnDigests(from, m); break;
            case RepairAsk m: if (_answers.OnAsk(from, m)) _repairer.OnToldAll(from, m.Bucket); break;
            case RepairSketchAsk m: _answers.OnSketchAsk(from, m); break;
            case RepairSymbols m: _repairer.OnSymbols(from, m); break;
            case RepairNudge m: _repairer.OnNudge(from, m); break;
            case RepairCells m: OnRepairCells(from, m); break;
            case WorkflowsRefused m: _refusals.OnRefused(from, m); break;
            case WritersRetired m: _retirement.OnRetired(from, m); break;
            case HandoffOffer m: _handoff.OnOffer(from, m); break;
            case HandoffAnswer m: _handoff.OnAnswer(from, m); break;
            case Forward { Command: ListCommand list } m: _lists.OnForward(from, m.Request, list); break;
            case ForwardAnswer { Reply: Listed listed } m: _lists.OnAnswer(from, m.Request, listed); break;
            case Forward m: _desk.OnForward(from, m); break;
            case ForwardAnswer m: _desk.OnAnswer(from, m); break;
            case CreditGrant m: _planner.Credits.OnGrant(from, _state.Placement.Epoch, m); break;
            case MajorityAsk m: _planner.Voter.OnAsk(from, m); break;
            case MajorityVotes m: _dirty.UnionWith(_planner.OnVotes(from, m)); break;
            case AttemptHandedBack m: _planner.Claims.OnHandedBack(m.Attempt); _dirty.Add(m.Attempt.Workflow); break;
            case AttemptsRunning m: _planner.Claims.OnRunning(from, m with { Attempts = [.. m.Attempts.Where(attempt => Commits(attempt.Workflow))] }); break;
            case AttemptEnded m when Commits(m.Attempt.Workflow) && _planner.Commits.Commit(from, m): _state.Send(from, new AttemptEndedAck(m.Attempt)); break;
            default: break;
        }
    }

    private void OnPush(NodeId from, PushCells push)
    {
        for (var at = 0; at < push.Frames.Count; at++)
        {
            var frame = push.Frames[at];
            if (!_intake.TryMerge(from, frame)) continue;
            _state.Send(from, new PushAck(frame.Bucket, frame.Actor, _state.Store.Find(frame.Bucket)!.Context.SeenUpTo(frame.Actor)));
        }
    }

    private void OnRepairCells(NodeId from, RepairCells cells)
    {
        if (!_intake.TryMerge(from, _repairer.Settle(from, cells), () => cells)) return;
        _repairer.OnCells(from, cells);
        if (!cells.Last || cells.Frame.Context is null || _state.Store.Find(cells.Frame.Bucket) is not { } bucket) return;
        // What the sender has seen, its disk holds: as good as the ack of a push that was lost.
        _acks.OnAck(from, bucket.Number, _state.Store.Actor, cells.Frame.Context.SeenUpTo(_state.Store.Actor));
        foreach (var actor in cells.Frame.Context.Vector.Keys.ToList())
            _state.Send(from, new PushAck(bucket.Number, actor, Math.Max(bucket.Context.SeenUpTo(actor), _intake.SkippedUpTo(actor))));
    }

    private void Tick()
    {
        _bootstrapping.Expire();
        EndBootstrapping();
        while (_intake.TryTakeDue(out var from, out var message)) Dispatch(from, message);
        if (_clock.Tend()) OnClocks();
        if (_readiness.Expire()) BecomeReady();
        _repairer.Tend();
        foreach (var peer in _bootstrapping.Awaited.ToList()) _repairer.Open(peer);
        _answers.Tend();
        foreach (var (bucket, peer) in _acks.TakeOverdue()) _repairer.Mend(peer, bucket);
        if (_readiness.IsReady) _dirty.UnionWith(_planner.Tend(_plans));
        _desk.Tend();
        _system.Review();
        _lost.Tend();
        _lists.Tend();
        _forgetter.Tend();
        _state.Placement = _cap.Tend();
        _handoff.Tend();
        _rounds.Tend();
    }

    // Nobody who could tell which writes this node made before it dropped the bucket is there: they must not be taken for the next ones.
    private void EndBootstrapping()
    {
        var done = _bootstrapping.TakeDone();
        if (done.Count == 0) return;
        if (done.Any(bucket => (!bucket.IsAnswered || _state.IsWriterGivenUp) && _state.Store.HasForgottenWrites(bucket.Bucket))) RenewActor();
        foreach (var (bucket, _) in done) _dirty.UnionWith(_runs.Of(bucket));
    }

    private void Drop(int bucket)
    {
        _desk.OnDrop(bucket);
        _state.Store.Drop(bucket);
        _acks.Forget(bucket);
        _repairer.Forget(bucket);
    }

    private void OnExchanged(NodeId peer)
    {
        if (_readiness.OnExchanged(peer, _state.Placement.IsDown(peer))) BecomeReady();
    }

    // After a start without an answer from each other member this node may have lost writes it once sent, and nobody who was asked knows: it
    // takes a new writer id. So it does where others know of a later one than its own: its disk is older than it was, or it had left.
    private void BecomeReady()
    {
        _clock.EndWait();
        if ((_readiness.Begin() && !Planted.Is(Mutant.RollbackUnseen)) || _state.IsWriterGivenUp) RenewActor();
        _desk.OnReady();
        _dirty.UnionWith(_runs.All());
    }

    // Whose clock is off acts for nothing: others plan what it planned, or it plans again.
    private void OnClocks()
    {
        _state.Placement = _state.Placement.WithOff(_clock.Off);
        if (_readiness.IsReady) _desk.OnReady();
        _dirty.UnionWith(_runs.All());
    }

    private void StartWriting(Placement placement, int peers)
    {
        if (_state.Store.Actor == 0 || _state.Store.IsDamaged || _state.Store.HasGivenAllAway) RenewActor();
        // Records with stamps of its own may be among what is lost.
        if (_state.Store.IsDamaged) _state.Clock.SkipToBound();
        if (placement.OtherHolders.Any(placement.IsDown)) _readiness.Miss();
        if (peers > 0) return;
        _readiness.StartAlone();
        if (placement.Map.Members.Length > 1) RenewActor();
        _desk.OnReady();
    }

    private void OnRollback(NodeId teller)
    {
        _state.Outbox.Notify(new RollbackDetected(teller));
        RenewActor();
    }

    private void RenewActor()
    {
        _state.Store.UseActor(_state.NextWriter());
        _acks.Reset();
    }

    private void PlanIfMine(WorkflowId workflow)
    {
        if (Plans(workflow)) _planner.Plan(workflow);
    }

    private void WakeAfter(WorkflowId workflow, TimeSpan wait) =>
        _state.Outbox.SetTimer(new NodeTimer(WakeTimer, (ulong)Buckets.BucketOf(workflow.Place), 0), _state.Now.After(wait));
}
