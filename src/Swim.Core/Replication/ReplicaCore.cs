using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Storage;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// The state core of a node: the cells of its buckets, their spread and repair, and the planning of their workflows. Synchronous
/// and deterministic; every call ends with at most one record for the log. Its outputs are held until that record is durable.
/// </summary>
public sealed class ReplicaCore
{
    private const int TickTimer = 1;
    private const int WakeTimer = 2;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ReplicaState _state;
    private readonly ReplicationAcks _acks;
    private readonly Readiness _readiness;
    private readonly Repairer _repairer;
    private readonly RepairAnswers _answers;
    private readonly GossipDesk _gossip;
    private readonly Planner _planner;
    private readonly CommandDesk _desk;
    private readonly SystemDesk _system;
    private readonly ListDesk _lists;
    private readonly FrameIntake _intake;
    private readonly Checkpointer _checkpointer;
    private readonly Forgetter _forgetter;
    private readonly Refusals _refusals;
    private readonly SortedSet<WorkflowId> _dirty = [];
    private readonly SortedDictionary<NodeId, bool> _wasDown = [];
    private long _repairDue;

    /// <summary>A core that holds nothing yet.</summary>
    public ReplicaCore(ReplicaSettings settings, Prng prng)
    {
        _state = new ReplicaState(settings, prng);
        _acks = new ReplicationAcks(_state) { Gossip = frame => _gossip!.OnWritten(frame) };
        _intake = new FrameIntake(_state);
        _checkpointer = new Checkpointer(_state.Store);
        _readiness = new Readiness(_state);
        _forgetter = new Forgetter(_state, _acks, _readiness);
        _refusals = new Refusals(_state);
        _repairer = new Repairer(_state) { Completed = OnExchanged, Heard = _forgetter.OnHeard, FoundEqual = _acks.OnEqual };
        _gossip = new GossipDesk(_state, _intake, _repairer);
        _answers = new RepairAnswers(_state);
        _planner = new Planner(_state) { WakeAfter = WakeAfter };
        _system = new SystemDesk(_state, _acks);
        _desk = new CommandDesk(_state, _acks, _readiness) { Plan = PlanIfMine, System = _system };
        _lists = new ListDesk(_state, _readiness, new WorkflowLister(_state, _acks));
    }

    /// <summary>How many cells are held.</summary>
    public long CellCount => _state.Store.CellCount;

    /// <summary>How many workflows are held.</summary>
    public int WorkflowCount => _state.Store.WorkflowBuckets.Sum(static bucket => bucket.Workflows.Count());

    /// <summary>How many cells or frames were refused: malformed, from too far in the future, without room to wait for their time, or more results of a task than are kept.</summary>
    public long RejectedCount => _intake.RejectedCount + _state.Store.CappedCount;

    /// <summary>How many frames were refused because a stamp was more than 10 s ahead of this node's clock: some node's clock is wrong.</summary>
    public long TooFarAheadCount => _intake.TooFarAheadCount;

    /// <summary>How often a repair found a bucket to differ where both had seen the same writes: a fault of a disk or of this program.</summary>
    public long UnexplainedCount => _repairer.UnexplainedCount;

    /// <summary>How many cells were refused as malformed.</summary>
    public long MalformedCount => _intake.MalformedCount;

    /// <summary>How many tasks planned here could run and wait for a slot.</summary>
    public int WaitingCount => _planner.Credits.Waiting;

    /// <summary>How many frames wait because a stamp is 0.5 s to 10 s ahead of this node's clock.</summary>
    public int HeldFrameCount => _intake.HeldCount;

    /// <summary>How many workflows this node collected since it started.</summary>
    public long CollectedCount => _forgetter.CollectedCount;

    /// <summary>How many tombstones are held.</summary>
    public int TombstoneCount => _forgetter.TombstoneCount;

    /// <summary>How many workflows were refused as older than all that is known here; offered again, counted again.</summary>
    public long BelowFloorCount => _intake.BelowFloorCount;

    /// <summary>How many workflows this node set aside since it started, as every other home owner refuses them.</summary>
    public long SetAsideCount => _refusals.SetAsideCount;

    /// <summary>How far that up to which this node has heard everything lies behind now: the grace at best.</summary>
    public TimeSpan FloorLag => _forgetter.Lag;

    /// <summary>Names the ring in use: equal on nodes that agree on every owner; 0 before the first placement.</summary>
    public ulong RingFingerprint => _state.Placement?.Map.Fingerprint ?? 0;

    /// <summary>How many of the workflows held have not ended.</summary>
    public int RunningCount => _state.Store.WorkflowBuckets.Sum(static bucket => bucket.Workflows.Count(static workflow => workflow.IsOpen));

    /// <summary>Who owns what, as this core sees it; null before it takes part. Used by this node's own loop only.</summary>
    public Placement? Placement => _state.Placement;

    /// <summary>True when it plans and serves.</summary>
    public bool IsReady => _readiness.IsReady;

    /// <summary>A digest of the bucket's cells: equal on two replicas when their cells are; 0 when it holds none.</summary>
    public UInt128 DigestOf(int bucket) => _state.Store.Find(bucket)?.Digest ?? 0;

    /// <summary>The workflow as this replica has it, or null.</summary>
    public WorkflowView? Peek(WorkflowId workflow) =>
        _state.Store.Find(workflow) is { Run: { } run } cells
            ? WorkflowViews.Of(cells, run, AckLevel.None)
            : null;

    /// <summary>The workflows of which this replica holds a cell, ascending.</summary>
    public IEnumerable<WorkflowId> Workflows => _state.Store.WorkflowBuckets.SelectMany(static bucket => bucket.Workflows).Select(static workflow => workflow.Id).Order();

    /// <summary>The cells of a workflow as this replica has them, or null. To look at, by this node's own loop only.</summary>
    public WorkflowCells? Find(WorkflowId workflow) => _state.Store.Find(workflow);

    /// <summary>True while this replica has the tombstone of a workflow.</summary>
    public bool HasTombstone(WorkflowId workflow) => _state.Store.Find(Buckets.BucketOf(workflow.Place))?.Forgotten.Find(workflow) is not null;

    /// <summary>The buckets that hold something, ascending. To look at, by this node's own loop only.</summary>
    public IEnumerable<Bucket> Held => _state.Store.Buckets;

    /// <summary>Takes in one record of the log; in order, before <see cref="Start"/>.</summary>
    public void Recover(ReadOnlyMemory<byte> record) => _state.Store.Recover(record);

    /// <summary>Takes in what the log's checkpoint says of the node; before all else.</summary>
    public void RecoverMeta(ReadOnlyMemory<byte> meta) => _state.Store.RecoverMeta(meta);

    /// <summary>Takes in the state of one bucket from the log's checkpoint; before the records.</summary>
    public void RecoverBlock(ReadOnlyMemory<byte> block) => _state.Store.RecoverBlock(block);

    /// <summary>
    /// A part of a bucket's state on the disk cannot be read. Peers are asked for it like for any other difference, and
    /// this node writes under a new id, as it no longer knows which writes of its own it made.
    /// </summary>
    public void LoseBlock(int bucket) => _state.Store.LoseBlock(bucket);

    /// <summary>As above, for every bucket there may be: a part of the log cannot be read, and nobody knows what it told of.</summary>
    public void LoseAll() => _state.Store.LoseAll();

    /// <summary>The next piece of a checkpoint of all that the records up to <paramref name="position"/> wrote; the first one begins a round.</summary>
    public CheckpointPiece NextPiece(long position)
    {
        if (!_checkpointer.IsUnderWay) _checkpointer.Begin(position);
        return _checkpointer.Next(position);
    }

    /// <summary>The round of the last piece is over.</summary>
    public void EndCheckpoint(bool isCompleted) => _checkpointer.End(isCompleted);

    /// <summary>The placement for a new view of the members.</summary>
    public Placement Place(MembersSnapshot members, Placement? previous) =>
        Placement.Build(_state.Settings.ClusterId, _state.Settings.Replicas, _state.Self, members, previous);

    /// <summary>Begins.</summary>
    public void Start(Now now, Outbox outbox)
    {
        outbox.SetTimer(new NodeTimer(TickTimer, 0, 0), now.After(TickPeriod));
        TellOfRemovals(outbox);
    }

    /// <summary>The members changed; the first call makes the node take part.</summary>
    public void OnPlacement(Now now, Placement placement, Outbox outbox) => Handle(now, outbox, () =>
    {
        var isFirst = _state.Placement is null;
        var previous = _state.Placement;
        _state.Placement = placement;
        var awaited = isFirst ? placement.LivePeers.ToList() : placement.LivePeers.Where(HasReturned).ToList();
        if (isFirst) StartWriting(placement, awaited.Count);
        else if (previous!.Map != placement.Map) awaited.AddRange(placement.LivePeers.Where(peer => !awaited.Contains(peer)));
        _readiness.Await(awaited);
        foreach (var peer in awaited) _repairer.Open(peer);
        foreach (var peer in placement.LivePeers) _wasDown[peer] = false;
        foreach (var peer in _wasDown.Keys.Where(placement.IsDown).ToList()) _wasDown[peer] = true;
        // Nor did this node begin with those that were down when it started.
        foreach (var member in placement.Map.Members) _wasDown.TryAdd(member.Id, placement.IsDown(member.Id));
        _forgetter.OnPlacement();
        _planner.Credits.Reserve(placement.Self, placement.Epoch);
        _dirty.UnionWith(_planner.Credits.Keep(placement));
        _dirty.UnionWith(OpenWorkflows());
    });

    /// <summary>Another node said something; a malformed part of it is refused alone.</summary>
    public void OnMessage(Now now, NodeId from, PeerMessage message, Outbox outbox)
    {
        if (_state.Placement is null || IsRemoved(from)) return;
        Handle(now, outbox, () => Dispatch(from, message));
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
            else _dirty.UnionWith(OpenWorkflowsOf((int)timer.Subject));
        });
    }

    private void Handle(Now now, Outbox outbox, Action body)
    {
        _state.Now = now;
        _state.Outbox = outbox;
        body();
        Settle();
        TellFlips(outbox);
        _acks.Push(_state.Store.Commit(outbox));
        _gossip.Settle();
        TellOfRemovals(outbox);
        _planner.Credits.Tell(now, _state.Placement, outbox);
    }

    private void TellOfRemovals(Outbox outbox)
    {
        if (_state.Removals.Refresh(_state.Store)) outbox.Add(new RemovalsChanged(_state.Removals.All));
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
        var changed = _state.Store.TakeChanged();
        _dirty.UnionWith(changed);
        while (_dirty.Count > 0)
        {
            var next = _dirty.Min;
            _dirty.Remove(next);
            PlanIfMine(next);
        }

        _planner.PlaceWaiting(Plans);
        changed.UnionWith(_state.Store.TakeChanged());
        _desk.Review(changed);
    }

    private void Dispatch(NodeId from, PeerMessage message)
    {
        switch (message)
        {
            case PushCells m: OnPush(from, m); break;
            case GossipCells m: _gossip.OnGossip(from, m); break;
            case PushAck m: _acks.OnAck(from, m.Bucket, m.Actor, m.SeenUpTo); _desk.Review(WorkflowsOf(m.Bucket)); _system.Review(); break;
            case RepairOpen m: _repairer.OnOpen(from, m); break;
            case RepairDigests m: _repairer.OnDigests(from, m); break;
            case RepairAsk m: _answers.OnAsk(from, m); break;
            case RepairSketchAsk m: _answers.OnSketchAsk(from, m); break;
            case RepairSymbols m: _repairer.OnSymbols(from, m); break;
            case RepairNudge m: _repairer.OnNudge(from, m); break;
            case RepairCells m: OnRepairCells(from, m); break;
            case WorkflowsRefused m: _refusals.OnRefused(from, m); break;
            case Forward { Command: ListCommand list } m: _lists.OnForward(from, m.Request, list); break;
            case ForwardAnswer { Reply: Listed listed } m: _lists.OnAnswer(from, m.Request, listed); break;
            case Forward m: _desk.OnForward(from, m); break;
            case ForwardAnswer m: _desk.OnAnswer(from, m); break;
            case CreditGrant m: _planner.Credits.OnGrant(from, _state.Placement.Epoch, m); break;
            case AttemptHandedBack m: _planner.Claims.OnHandedBack(m.Attempt); _dirty.Add(m.Attempt.Workflow); break;
            case AttemptsRunning m: _planner.Claims.OnRunning(from, m); break;
            case AttemptEnded m when _readiness.IsReady && _planner.Commits.Commit(from, m): _state.Send(from, new AttemptEndedAck(m.Attempt)); break;
            default: break;
        }
    }

    private void OnPush(NodeId from, PushCells push)
    {
        foreach (var frame in push.Frames)
        {
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
            _state.Send(from, new PushAck(bucket.Number, actor, bucket.Context.SeenUpTo(actor)));
    }

    private void Tick()
    {
        while (_intake.TryTakeDue(out var from, out var message)) Dispatch(from, message);
        if (_readiness.Expire()) BecomeReady();
        _repairer.Tend();
        _answers.Tend();
        foreach (var (bucket, peer) in _acks.TakeOverdue()) _repairer.Mend(peer, bucket);
        if (_readiness.IsReady) _dirty.UnionWith(_planner.Claims.Tend());
        _dirty.UnionWith(_planner.Undecided);
        _desk.Tend();
        _system.Review();
        _lists.Tend();
        _forgetter.Tend();
        RepairWithSomeone();
    }

    private void RepairWithSomeone()
    {
        if (_state.Now.Ticks < _repairDue) return;
        var third = _state.Settings.RepairPeriod / 3;
        _repairDue = _state.Now.After(_state.Prng.Between(_state.Settings.RepairPeriod - third, _state.Settings.RepairPeriod + third));
        var peers = _state.Placement.LivePeers.ToList();
        if (peers.Count > 0) _repairer.Open(peers[_state.Prng.Next(peers.Count)]);
    }

    private void OnExchanged(NodeId peer)
    {
        if (_readiness.OnExchanged(peer, _state.Placement.IsDown(peer))) BecomeReady();
    }

    // After a start without an answer from any other holder this node may have lost writes it once sent: it takes a new writer id.
    private void BecomeReady()
    {
        if (!_readiness.IsConfirmed) RenewActor();
        _desk.OnReady();
        _dirty.UnionWith(OpenWorkflows());
    }

    private void StartWriting(Placement placement, int peers)
    {
        if (_state.Store.Actor == 0 || _state.Store.IsDamaged) RenewActor();
        if (peers > 0) return;
        _readiness.StartAlone();
        if (placement.Map.Members.Length > 1) RenewActor();
        _desk.OnReady();
    }

    private void RenewActor()
    {
        _state.Store.UseActor(Math.Max(1, _state.Prng.NextUInt64()));
        _acks.Reset();
    }

    // A node that was removed and does not know it yet: until it began anew nothing of it is taken in.
    private bool IsRemoved(NodeId node) =>
        _state.Removals.Find(node) is { } removal
        && _state.Placement.Find(node) is { } member && (member.Epoch <= removal.Epoch || member.State == MemberState.Left);

    private bool HasReturned(NodeId peer) => _wasDown.GetValueOrDefault(peer);

    private bool Plans(WorkflowId workflow) => _readiness.IsReady && _state.Placement.Plans(Buckets.BucketOf(workflow.Place));

    private void PlanIfMine(WorkflowId workflow)
    {
        if (Plans(workflow)) _planner.Plan(workflow);
    }

    private void WakeAfter(WorkflowId workflow, TimeSpan wait) =>
        _state.Outbox.SetTimer(new NodeTimer(WakeTimer, (ulong)Buckets.BucketOf(workflow.Place), 0), _state.Now.After(wait));

    private IEnumerable<WorkflowId> WorkflowsOf(int bucket) =>
        _state.Store.Find(bucket)?.Workflows.Select(static workflow => workflow.Id) ?? [];

    private IEnumerable<WorkflowId> OpenWorkflowsOf(int bucket) => _state.Store.Find(bucket) is { } held ? OpenOf(held) : [];

    // With those whose claims this node still watches: they may have ended while another planned.
    private IEnumerable<WorkflowId> OpenWorkflows() => _state.Store.WorkflowBuckets.SelectMany(OpenOf).Concat(_planner.Claims.Workflows);

    // One that has ended has nothing to plan, and only a write opens it again, which has it planned anyhow.
    private IEnumerable<WorkflowId> OpenOf(Bucket bucket) =>
        _state.Placement.Plans(bucket.Number) ? bucket.Workflows.Where(static workflow => workflow.IsOpen || FlipAnswers.IsDue(workflow)).Select(static workflow => workflow.Id) : [];
}
