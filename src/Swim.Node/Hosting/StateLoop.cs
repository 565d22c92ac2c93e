using System.Collections.Concurrent;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Storage;
using Swim.Node.Configuration;
using Swim.Node.Disk;
using Swim.Node.Observability;
using Swim.Node.Transport;
using Swim.Node.Workers;
using Swim.Node.Workers.Http;

namespace Swim.Node.Hosting;

/// <summary>Runs the state kernel on its own thread: commands, peers' frames, ends of tasks and the disk's answers in, its outputs out.</summary>
internal sealed class StateLoop : IDisposable
{
    private const int InputsMax = 65_536;
    private readonly InputLoop _loop;
    private readonly StateKernel _kernel;
    private readonly ReplicaCore _replica;
    private readonly SchedulerCore _scheduler;
    private readonly WorkerPool _workers;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Reply>> _commands = new();
    private readonly Counters _counters;
    private readonly NodeMetrics _metrics;
    private readonly NodeLog _log;
    private DiskWriter? _disk;
    private PeerStreams? _peers;
    private long _nextCommand;
    private ulong _ring;
    private volatile int _plansAmong;
    private volatile bool _isClockOff;
    private volatile bool _isDiskFull;

    public StateLoop(NodeId self, ReplicaCore replica, SchedulerCore scheduler, NodeOptions options, Counters counters, NodeMetrics metrics, NodeLog log, Action<Exception> onFatal)
    {
        (_kernel, _counters, _metrics, _log) = (new StateKernel(self, replica, scheduler), counters, metrics, log);
        (_replica, _scheduler) = (replica, scheduler);
        _loop = new InputLoop("swim-state", InputsMax, ThreadPriority.Normal, OnTimer, onFatal);
        _workers = new WorkerPool(options.AllowShell, new HttpAccess(options.HttpAllow), (attempt, outcome) => Post(now => _kernel.OnTaskFinished(now, attempt, outcome)), log.Work, metrics.Tasks);
    }

    /// <summary>Among how many live members this node plans; 0 while it waits for an exchange of state.</summary>
    public int PlansAmong => _plansAmong;

    /// <summary>True while the disk has no room for what this node would write.</summary>
    public bool IsDiskFull => _isDiskFull;

    /// <summary>The disk is full, or takes records again.</summary>
    public void OnFullChanged(bool isFull) => _isDiskFull = isFull;

    /// <summary>True while this node's clock is off the others', so that it originates nothing.</summary>
    public bool IsClockOff => _isClockOff;

    /// <summary>Takes in what is found in the log; before <see cref="Start"/>.</summary>
    public LogReceiver Receiver => _kernel.Receiver;

    /// <summary>Takes in logs of lives of this node that were removed; before <see cref="Start"/>.</summary>
    public LogReceiver AsideReceiver => _replica.AsideReceiver;

    /// <summary>All such logs were taken in.</summary>
    public void BeginLostAndFound() => _replica.BeginLostAndFound();

    /// <summary>Told of all removed members whenever this node learns of one.</summary>
    public event Action<IReadOnlyList<Removal>>? Removed;

    /// <summary>Told when all that was put aside is held by others.</summary>
    public event Action? AllCovered;

    /// <summary>The log was read; its last record has this position.</summary>
    public void OnRecovered(long position) => _kernel.OnRecovered(position);

    /// <summary>What the loop holds and does now.</summary>
    public Task<StateLook> LookAsync()
    {
        var look = new TaskCompletionSource<StateLook>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => look.SetResult(Look()));
        return look.Task;
    }

    /// <summary>Inputs that wait for the loop.</summary>
    public int InputsWaiting => _loop.Waiting;

    /// <summary>Takes no new task, or takes them again; <paramref name="announce"/> is told in the order of the calls.</summary>
    public void SetDraining(bool isDraining, Action<bool> announce) => Post(now =>
    {
        _kernel.Drain(now, isDraining);
        announce(isDraining);
    });

    /// <summary>How many buckets each home owner still lacks of what this node holds and should not.</summary>
    public Task<IReadOnlyDictionary<NodeId, int>> LookAtHandoffAsync()
    {
        var seen = new TaskCompletionSource<IReadOnlyDictionary<NodeId, int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => seen.SetResult(_replica.HandoffMissing));
        return seen.Task;
    }

    /// <summary>What <paramref name="look"/> makes of the ring in use and of the core that uses it; null before the node takes part.</summary>
    public Task<T?> LookAtRingAsync<T>(Func<Placement, ReplicaCore, T> look) where T : class
    {
        var seen = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => seen.SetResult(_replica.Placement is { } placement ? look(placement, _replica) : null));
        return seen.Task;
    }

    public void Start(DiskWriter disk, PeerStreams peers)
    {
        (_disk, _peers) = (disk, peers);
        Post(_kernel.Start);
        _loop.Start();
    }

    public void OnPersisted(long position) => Post(now => _kernel.OnPersisted(now, position));

    /// <summary>It is time for a checkpoint.</summary>
    public void OnCheckpointDue() => Post(_ => GivePiece());

    /// <summary>A piece of a checkpoint was dealt with.</summary>
    public void OnPieceWritten(CheckpointStep step) => Post(_ =>
    {
        if (step == CheckpointStep.Written) GivePiece();
        else _kernel.OnCheckpointEnded(step == CheckpointStep.Completed);
    });

    public void OnMembers(MembersSnapshot members) => Post(now =>
    {
        _peers!.Keep(members);
        _kernel.OnMembers(now, members);
    });

    /// <summary>A frame of another node; waits for nothing, and drops it when too many wait.</summary>
    public void OnFrame(NodeId from, ReadOnlyMemory<byte> frame)
    {
        var isReadable = PeerCodec.TryDecode(frame, out var message);
        _metrics.Peers.FrameReceived(message, frame.Length);
        if (!isReadable) _counters.Add("peer_frames_malformed");
        else if (!_loop.TryPost(now => { _kernel.OnMessage(now, from, message!); Drain(); })) _counters.Add("peer_frames_refused");
    }

    /// <summary>Asks the state core; null when the node has too much to do.</summary>
    public async Task<Reply?> AskAsync(Command command, CancellationToken cancellation)
    {
        if (_isDiskFull) return await AnswerWhileFullAsync(command, cancellation).ConfigureAwait(false);
        var id = Interlocked.Increment(ref _nextCommand);
        var answer = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands[id] = answer;
        var asked = HostClock.Now;
        try
        {
            if (!_loop.TryPost(now => { _kernel.OnCommand(now, id, command); Drain(); }))
            {
                _metrics.Tasks.Answered(null, TimeSpan.Zero);
                return null;
            }

            var reply = await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
            _metrics.Tasks.Answered(reply, HostClock.Now.Since(asked.Ticks));
            Tell(command, reply);
            return reply;
        }
        finally
        {
            _commands.TryRemove(id, out _);
        }
    }

    public void Dispose()
    {
        // First the loop: an attempt that ends because this node does is not one that was cancelled.
        _loop.Dispose();
        _workers.Dispose();
    }

    // Answers of the core wait for what was appended before them, which waits for space.
    private async Task<Reply?> AnswerWhileFullAsync(Command command, CancellationToken cancellation)
    {
        if (command is not GetCommand get)
            return new Refused(RefusalReason.ResourceExhausted, "DISK_FULL", "This node's disk is full, so it takes nothing new: try again later, or ask another node.");
        var read = new TaskCompletionSource<WorkflowView?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => read.SetResult(_kernel.ReadDurable(get)));
        return await read.Task.WaitAsync(cancellation).ConfigureAwait(false) is { } view
            ? new Shown(view)
            : new Refused(RefusalReason.Unavailable, "DISK_FULL", "This node's disk is full, and it cannot say how this workflow stands: ask another node.");
    }

    private void Tell(Command command, Reply reply)
    {
        if (reply is Submitted submitted) _log.Work.Submitted(submitted.Id, submitted.Acked, submitted.Existing);
        if (command is CancelCommand cancel && reply is CancelAccepted accepted) _log.Work.CancelAsked(cancel.Id, accepted.State);
    }

    private void Post(Action<Now> input) => _loop.Post(now => { input(now); Drain(); });

    private void OnTimer(Now now, NodeTimer timer)
    {
        _kernel.OnTimer(now, timer);
        Drain();
    }

    // All that came before it has been handed to the writer: outputs never wait in the kernel.
    private void GivePiece() => _disk!.Write(_kernel.NextPiece());

    private StateLook Look() => new(
        _replica.WorkflowCount, _replica.RunningCount, _replica.CellCount, _kernel.Durable, _disk!.LogBytes, _replica.RingFingerprint, _scheduler.Running, _scheduler.IsDraining)
    {
        TasksWaiting = _replica.WaitingCount,
        OnOtherRings = _replica.OnOtherRings.Count,
        Flapping = _replica.Placement?.FlappingCount ?? 0,
        LostCells = _replica.Lost.Cells,
        LostWorkflows = _replica.Lost.Workflows,
        ClockOffMs = _replica.ClockOffByMs,
        ClockRefusedBy = _replica.RefusedByCount,
        CheckpointBytes = _disk.CheckpointBytes,
        FramesHeld = _replica.HeldFrameCount,
        CellsMalformed = _replica.MalformedCount,
        FramesTooFarAhead = _replica.TooFarAheadCount,
        RepairsUnexplained = _replica.UnexplainedCount,
        Tombstones = _replica.TombstoneCount,
        WorkflowsCollected = _replica.CollectedCount,
        WorkflowsBelowFloor = _replica.BelowFloorCount,
        WorkflowsSetAside = _replica.SetAsideCount,
        FloorLag = _replica.FloorLag,
        WritersMost = _replica.WritersMost,
        WritersRetired = _replica.RetiredCount,
        IsLeaving = _replica.Placement is { IsLeaving: true },
        HasLeftNothing = _kernel.HasLeftNothing,
        HandoffBuckets = _replica.Handoff.Left,
        HandoffWaiting = _replica.Handoff.Waiting.Values.Sum(),
        BucketsHandedOver = _replica.Handoff.Dropped,
        Bootstrapping = _replica.BootstrappingCount,
        FramesWithoutRoom = _replica.RejectedCount - _replica.MalformedCount - _replica.TooFarAheadCount,
    };

    private void Drain()
    {
        while (_kernel.TryTake(out var output)) Carry(output!);
        _isClockOff = _replica.ClockOffByMs != 0;
        // Whatever input it was that changed it: the window ends with a timer.
        if (_replica.RingFingerprint != _ring) _metrics.Membership.RingChanged();
        _ring = _replica.RingFingerprint;
        _plansAmong = _replica is { IsReady: true, Placement: { } placement } ? placement.LiveMembers : 0;
    }

    private void Carry(Output output)
    {
        switch (output)
        {
            case Persist persist: _disk!.Append(persist.Record, persist.Buckets); break;
            case SendToPeer send: _peers!.Send(send.To, send.Message); break;
            case SetTimer timer: _loop.SetTimer(timer.Timer, timer.DueTicks); break;
            case StartTask task: _workers.Start(task); break;
            case FollowClockStep: HostClock.FollowStep(); break;
            case StopTask task: _workers.Stop(task.Attempt); break;
            case RemovalsChanged changed: Removed?.Invoke(changed.Removals); break;
            case AsideCovered: AllCovered?.Invoke(); break;
            case Answer answer: if (_commands.TryGetValue(answer.CommandId, out var waiting)) waiting.TrySetResult(answer.Reply); break;
            case Notice notice:
                _metrics.Tasks.On(notice);
                _log.Notice(notice);
                break;
            default: break;
        }
    }
}

/// <summary>What a state loop holds and does at one moment.</summary>
internal sealed record StateLook(long Workflows, long WorkflowsRunning, long Cells, long LogPosition, long LogBytes, ulong RingFingerprint, int SlotsBusy, bool IsDraining)
{
    /// <summary>Bytes of the newest checkpoint.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>How far this node's clock is ahead of the others', behind where negative, while it is off by so much that it originates nothing.</summary>
    public long ClockOffMs { get; init; }

    /// <summary>Members that refused in the last minute what this node wrote, since its stamps were too far ahead.</summary>
    public int ClockRefusedBy { get; init; }

    /// <summary>Tasks planned here that wait for a slot.</summary>
    public int TasksWaiting { get; init; }

    /// <summary>Members that are up and said last that they have another ring.</summary>
    public int OnOtherRings { get; init; }

    /// <summary>Members that die and come back again and again.</summary>
    public int Flapping { get; init; }

    /// <summary>Frames that wait until their stamps are due.</summary>
    public int FramesHeld { get; init; }

    /// <summary>Cells refused so far as malformed.</summary>
    public long CellsMalformed { get; init; }

    /// <summary>Frames refused so far because a stamp was too far ahead.</summary>
    public long FramesTooFarAhead { get; init; }

    /// <summary>Buckets found so far to differ where both nodes had seen the same writes.</summary>
    public long RepairsUnexplained { get; init; }

    /// <summary>True while this node leaves.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>True when it leaves, and others have all that it held.</summary>
    public bool HasLeftNothing { get; init; }

    /// <summary>Buckets held here that others own.</summary>
    public int HandoffBuckets { get; init; }

    /// <summary>How often one of those waits for an owner that is down.</summary>
    public int HandoffWaiting { get; init; }

    /// <summary>Buckets handed over and dropped so far.</summary>
    public long BucketsHandedOver { get; init; }

    /// <summary>Buckets that this node owns anew and may lack writes of.</summary>
    public int Bootstrapping { get; init; }

    /// <summary>Frames dropped so far that found no room to wait.</summary>
    public long FramesWithoutRoom { get; init; }

    /// <summary>Cells of a life of this node that was removed, seen by no owner in reach.</summary>
    public long LostCells { get; init; }

    /// <summary>Of how many workflows those are.</summary>
    public long LostWorkflows { get; init; }

    /// <summary>What is left of workflows that were forgotten.</summary>
    public long Tombstones { get; init; }

    /// <summary>Workflows forgotten so far by this node as their planner.</summary>
    public long WorkflowsCollected { get; init; }

    /// <summary>Workflows refused so far as older than all that is known here.</summary>
    public long WorkflowsBelowFloor { get; init; }

    /// <summary>Workflows kept aside so far since every other owner refuses them.</summary>
    public long WorkflowsSetAside { get; init; }

    /// <summary>How far that up to which everybody was heard lies behind now.</summary>
    public TimeSpan FloorLag { get; init; }

    /// <summary>The most writer ids in the context of one bucket.</summary>
    public int WritersMost { get; init; }

    /// <summary>Entries of writer ids that were given up and forgotten here so far.</summary>
    public long WritersRetired { get; init; }
}
