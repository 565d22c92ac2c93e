using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The host of one life's state kernel: log, peers, timers, tasks and clients, all in virtual time. What the kernel says to a peer
/// goes through its bytes, as it would on a wire.
/// </summary>
internal sealed class StateHost
{
    private static readonly TimeSpan HandOverMax = TimeSpan.FromMilliseconds(0.5);

    private readonly NodeSetup _setup;
    private readonly ProcessLife _life;
    private readonly NodeClock _clock;
    private readonly SimWorld _world;
    private readonly SimDisk _disk;
    private readonly Prng _prng;
    private readonly StateKernel _kernel;
    private readonly DiskLog _log;
    private readonly TaskRunner _tasks;
    private readonly SortedDictionary<long, Action<Reply>> _asked = [];
    private long _lastAsked;
    private long _membersDueTicks;
    private MembersSnapshot _members = MembersSnapshot.Empty;

    /// <summary>Prepares a life: recovers from the log on the node's disk.</summary>
    public StateHost(NodeSetup setup, ulong number, ProcessLife life, NodeClock clock, SimWorld world, SimDisk disk, bool acceptsDamage)
    {
        (_setup, _life, _clock, _world, _disk) = (setup, life, clock, world, disk);
        _prng = new Prng(StableHash.Of(world.Seed, setup.Id.Value, seed: number + 1_000));
        Replica = KernelFactory.Replica(setup, world.Replicas, world.Forgetting, new Prng(_prng.NextUInt64()));
        Scheduler = KernelFactory.Scheduler(setup);
        _kernel = new StateKernel(setup.Id, Replica, Scheduler);
        _tasks = new TaskRunner(setup, life, clock, world, new Prng(_prng.NextUInt64()), OnTaskEnd);
        _log = new DiskLog(setup, life, world, new Prng(_prng.NextUInt64()), disk, _kernel, OnDurable, acceptsDamage);
        _log.ReadAside(Replica);
    }

    /// <summary>Told of the removed members whenever the state core learns of one.</summary>
    public Action<IReadOnlyList<Removal>>? OnRemovals { get; set; }

    /// <summary>The state that this node holds, for checkers to look at.</summary>
    public ReplicaCore Replica { get; }

    /// <summary>Checkpoints of the log completed in this life.</summary>
    public int Checkpoints => _log.Checkpoints;

    /// <summary>Buckets that this life could not read from the disk.</summary>
    public int DamagedBuckets => _log.DamagedBuckets;

    /// <summary>Places of the log that this life could not read.</summary>
    public int DamagedPlaces => _log.DamagedPlaces;

    /// <summary>The slots of this node, for checkers to look at.</summary>
    public SchedulerCore Scheduler { get; }

    /// <summary>How many frames were no messages.</summary>
    public long Malformed { get; private set; }

    /// <summary>Begins.</summary>
    public void Start()
    {
        _kernel.Start(_clock.Now);
        Drain();
    }

    /// <summary>The membership core sees other members; the kernel, on its own loop, hears of it a little later.</summary>
    public void OnMembers(MembersSnapshot members)
    {
        _members = members;
        HandOver(() =>
        {
            _kernel.OnMembers(_clock.Now, members);
            Drain();
        });
    }

    // From one loop of the node to the other, in order.
    private void HandOver(Action happen)
    {
        _membersDueTicks = Math.Max(_membersDueTicks, _world.Timeline.Ticks + _prng.Between(TimeSpan.Zero, HandOverMax).Ticks);
        _world.Timeline.At(_membersDueTicks, new SimEvent(EventKind.Members, _setup.Index, _life, default, happen));
    }

    /// <summary>A frame came.</summary>
    public void OnFrame(NodeId from, ReadOnlyMemory<byte> frame)
    {
        if (PeerCodec.TryDecode(frame, out var message)) _kernel.OnMessage(_clock.Now, from, message!);
        else Malformed++;
        Drain();
    }

    /// <summary>A client asks. <paramref name="onReply"/> is called at most once: never where the process ends first.</summary>
    public void Ask(Command command, Action<Reply> onReply)
    {
        var id = ++_lastAsked;
        _asked[id] = onReply;
        _kernel.OnCommand(_clock.Now, id, command);
        Drain();
    }

    /// <summary>Takes no new task.</summary>
    public void Stop()
    {
        _kernel.Drain(_clock.Now, true);
        Drain();
    }

    /// <summary>True when the node leaves and has nothing left.</summary>
    public bool HasLeftNothing => _kernel.HasLeftNothing;

    /// <summary>The process ends.</summary>
    public void End(SimDisk disk, bool losesPower)
    {
        if (losesPower) _log.CutPower(disk);
        else _log.Kill(disk);
    }

    private void OnTaskEnd(AttemptId attempt, AttemptOutcome outcome)
    {
        _kernel.OnTaskFinished(_clock.Now, attempt, outcome);
        Drain();
    }

    private void OnDurable(long position)
    {
        _kernel.OnPersisted(_clock.Now, position);
        Drain();
    }

    private void Drain()
    {
        while (_kernel.TryTake(out var output)) Do(output!);
    }

    private void Do(Output output)
    {
        switch (output)
        {
            case Persist persist:
                _log.Append(persist);
                break;
            case SendToPeer send:
                Send(send);
                break;
            case SetTimer timer:
                _world.Timeline.At(_clock.ToVirtual(timer.DueTicks), new SimEvent(EventKind.StateTimer, _setup.Index, _life, default, () =>
                {
                    _kernel.OnTimer(_clock.Now, timer.Timer);
                    Drain();
                }));
                break;
            case RemovalsChanged changed:
                HandOver(() => OnRemovals?.Invoke(changed.Removals));
                break;
            case AsideCovered:
                SetAside.Delete(_disk);
                break;
            case StartTask start:
                _tasks.Start(start);
                break;
            case FollowClockStep:
                _clock.FollowStep();
                break;
            case StopTask stop:
                _tasks.Stop(stop);
                break;
            case Answer answer:
                Invariant.Holds(_asked.Remove(answer.CommandId, out var onReply), "a command is answered once");
                onReply(answer.Reply);
                break;
            case Notice notice:
                _world.Notices.Count(_setup.Index, notice);
                break;
            default:
                Invariant.Holds(false, $"the host can do what the kernel asks, and {output.GetType().Name} it cannot");
                break;
        }
    }

    private void Send(SendToPeer send)
    {
        // Nobody can send to a node whose address it has not heard of.
        if (!_members.Members.ContainsKey(send.To))
        {
            _world.Network.Counters.Lost++;
            return;
        }

        var to = _world.IndexOf(send.To);
        if (to < 0) return;
        foreach (var part in PeerBatch.PartsOf(send.Message)) _world.Observers.OnSent(_setup.Index, to, part);
        _world.Network.SendFrame(_setup.Index, to, send.Message.Lane, PeerCodec.Encode(send.Message));
    }
}
