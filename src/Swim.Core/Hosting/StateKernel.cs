using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Storage;

namespace Swim.Core.Hosting;

/// <summary>
/// The state and the scheduling core of one node, joined the same way in the real node and in the simulator: outputs of the
/// persisting core are held until the log position they depend on is durable, and messages to this node itself stay inside.
/// The host gives inputs, then takes outputs until there are none.
/// </summary>
/// <remarks>
/// Given out are <see cref="Persist"/> (positions go on from the recovered records in this order), <see cref="SendToPeer"/> to other nodes,
/// <see cref="SetTimer"/>, <see cref="StartTask"/>, <see cref="StopTask"/>, <see cref="Answer"/> and <see cref="Notice"/>s.
/// Owned by one loop.
/// </remarks>
public sealed class StateKernel(NodeId self, ReplicaCore replica, SchedulerCore scheduler)
{
    private Placement? _told;

    /// <summary>Timers of this kind and above belong to the scheduling core.</summary>
    public const int SchedulerTimers = 100;

    private readonly Outbox _outbox = new();
    private readonly HeldOutputs _held = new();
    private readonly Queue<Output> _out = new();
    private readonly Queue<PeerMessage> _toSelf = new();
    private readonly Dictionary<int, long> _touched = [];
    private long _allTouched;
    private long _appended;

    /// <summary>The position of the last record given to the log.</summary>
    public long Appended => _appended;

    /// <summary>The position up to which the log is durable.</summary>
    public long Durable => _held.Durable;

    /// <summary>
    /// True when this node leaves and has nothing left: no state that is not with its owners, no task, no end that nobody has committed, and
    /// its disk knows it.
    /// </summary>
    public bool HasLeftNothing => replica.IsHandedOver && scheduler.IsIdle && Appended == Durable;

    /// <summary>Takes in what is found in the log; before <see cref="Start"/>.</summary>
    public LogReceiver Receiver => new(Recover)
    {
        OnMeta = replica.RecoverMeta,
        OnBlock = (_, block) => replica.RecoverBlock(block),
        OnDamagedBucket = replica.LoseBlock,
        OnAllDamaged = replica.LoseAll,
    };

    /// <summary>The log was opened; its last record has this position, replayed or not.</summary>
    public void OnRecovered(long position)
    {
        _appended = position;
        _held.OnPersisted(position);
    }

    /// <summary>
    /// The next piece of a checkpoint, to be given to the log in turn with the records; to be asked for when one is due and whenever the one
    /// before was written.
    /// </summary>
    public CheckpointPiece NextPiece() => replica.NextPiece(_appended);

    /// <summary>The last piece was the last of its round, one way or the other.</summary>
    public void OnCheckpointEnded(bool isCompleted) => replica.EndCheckpoint(isCompleted);

    /// <summary>Begins; the log was recovered.</summary>
    public void Start(Now now)
    {
        replica.Start(now, _outbox);
        AfterReplica(now);
        scheduler.Start(now, _outbox);
        AfterScheduler(now);
    }

    /// <summary>The members changed.</summary>
    public void OnMembers(Now now, MembersSnapshot members)
    {
        Place(now, replica.Keeper.OnMembers(now, members));
    }

    private void Place(Now now, Placement placement)
    {
        Tell(now, placement);
        replica.OnPlacement(now, placement, _outbox);
        AfterReplica(now);
    }

    /// <summary>Another node said something.</summary>
    public void OnMessage(Now now, NodeId from, PeerMessage message)
    {
        Deliver(now, from, message);
        DeliverToSelf(now);
    }

    /// <summary>Someone outside asks something; exactly one <see cref="Answer"/> with this id follows.</summary>
    public void OnCommand(Now now, long id, Command command)
    {
        replica.OnCommand(now, id, command, _outbox);
        AfterReplica(now);
    }

    /// <summary>Begins no task from now on, or begins tasks again; to be announced by the membership as well.</summary>
    public void Drain(Now now, bool isDraining)
    {
        scheduler.Drain(isDraining, _outbox);
        AfterScheduler(now);
    }

    /// <summary>An attempt started here ended.</summary>
    public void OnTaskFinished(Now now, AttemptId attempt, AttemptOutcome outcome)
    {
        scheduler.OnTaskFinished(now, attempt, outcome, _outbox);
        AfterScheduler(now);
    }

    /// <summary>A timer is due.</summary>
    public void OnTimer(Now now, NodeTimer timer)
    {
        if (timer.Kind >= SchedulerTimers)
        {
            scheduler.OnTimer(now, timer, _outbox);
            AfterScheduler(now);
        }
        else
        {
            replica.OnTimer(now, timer, _outbox);
            AfterReplica(now);
            if (replica.Keeper.OnTick(now) is { } placement) Place(now, placement);
        }
    }

    /// <summary>
    /// The workflow as the log has it, although later records wait for the disk: for reads while it is full. Null where a record that touches the workflow
    /// is among those, and where it is not here or in another namespace.
    /// </summary>
    public WorkflowView? ReadDurable(GetCommand get) =>
        _touched.GetValueOrDefault(Buckets.BucketOf(get.Id.Place)) <= Durable && _allTouched <= Durable && replica.Peek(get.Id) is { } view && view.Namespace == get.Namespace ? view : null;

    /// <summary>The log is durable up to <paramref name="position"/>.</summary>
    public void OnPersisted(Now now, long position)
    {
        _held.OnPersisted(position);
        AfterReplica(now);
    }

    /// <summary>Takes the next thing to carry out; false when there is none until the next input.</summary>
    public bool TryTake(out Output? output) => _out.TryDequeue(out output);

    private void Recover(long position, ReadOnlyMemory<byte> record)
    {
        replica.Recover(record);
        OnRecovered(position);
    }

    private void Deliver(Now now, NodeId from, PeerMessage message)
    {
        if (message.IsForScheduler)
        {
            // How long a lease lasts is said by the others' clocks.
            scheduler.OnMessage(now with { WallMs = now.WallMs - replica.ClockOffByMs }, from, message, _outbox);
            Collect(held: false);
        }
        else
        {
            replica.OnMessage(now, from, message, _outbox);
            Collect(held: true);
            FollowActing(now);
        }
    }

    private void AfterReplica(Now now)
    {
        Collect(held: true);
        FollowActing(now);
        DeliverToSelf(now);
    }

    // Who acts for a bucket changes with the clocks too: whoever runs a task tells the one who acts.
    private void FollowActing(Now now)
    {
        if (replica.Placement is { } placement && !ReferenceEquals(placement, _told)) Tell(now, placement);
    }

    private void Tell(Now now, Placement placement)
    {
        _told = placement;
        scheduler.OnPlacement(now, placement, _outbox);
        Collect(held: false);
    }

    private void AfterScheduler(Now now)
    {
        Collect(held: false);
        DeliverToSelf(now);
    }

    private void DeliverToSelf(Now now)
    {
        while (_toSelf.TryDequeue(out var message)) Deliver(now, self, message);
    }

    // Appending and setting timers never wait; all else of the persisting core waits for everything that this call appended,
    // wherever in the call that was.
    private void Collect(bool held)
    {
        for (var at = 0; at < _outbox.Items.Count; at++)
        {
            var output = _outbox.Items[at];
            if (output is Persist persist) Touch(++_appended, persist.Buckets);
            if (output is Persist or SetTimer or Notice) _out.Enqueue(output);
        }

        var joined = PeerBatch.Join(_outbox.Items);
        for (var at = 0; at < joined.Count; at++)
        {
            var output = joined[at];
            if (output is Persist or SetTimer or Notice) continue;
            if (held && !Planted.Is(Mutant.OutputsBeforeDurable) && !(output is SendToPeer { Message: GossipCells } && Planted.Is(Mutant.GossipBeforeDurable))) _held.Hold(_appended, output);
            else Give(output);
        }

        _outbox.Clear();
        while (_held.TryRelease(out var released)) Give(released!);
    }

    private void Touch(long position, TouchedBuckets buckets)
    {
        if (buckets.Named is not { } named) _allTouched = position;
        else for (var at = 0; at < named.Count; at++) _touched[named[at]] = position;
    }

    private void Give(Output output)
    {
        if (output is SendToPeer send && send.To == self) _toSelf.Enqueue(send.Message);
        else _out.Enqueue(output);
    }
}
