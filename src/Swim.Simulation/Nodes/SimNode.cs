using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Swim.Simulation.Network;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>A simulated machine: a disk that lasts, and a process that comes and goes.</summary>
public sealed class SimNode : IReceiver
{
    private readonly NodeSetup _setup;
    private readonly SimDisk _disk = new();
    private readonly MachineClock _clock;
    private SimWorld? _world;
    private SimProcess? _process;
    private bool _hasDecayed;
    private long _checkpointsBefore;
    private ulong _lives;
    private SimDiskImage? _backup;

    internal SimNode(NodeSetup setup) => (_setup, _clock) = (setup, new MachineClock(setup.WallSkew));

    /// <summary>Its place in the run.</summary>
    public int Index => _setup.Index;

    /// <summary>Its identity.</summary>
    public NodeId Id => _setup.Id;

    /// <summary>The zone it stands in.</summary>
    public string Zone => _setup.Meta.Zone;

    /// <summary>How far its wall clock was set ahead, beside the small skew every node has.</summary>
    public TimeSpan ClockAhead
    {
        get => _clock.Ahead;
        set => _clock.Ahead = value;
    }

    /// <summary>From now on its clocks run so many millionths too fast.</summary>
    public void Drift(long ppm) => _clock.Drift(_world!.Timeline.Ticks, ppm);

    /// <summary>While it is longer than zero, a sync of the disk takes up to so long.</summary>
    public TimeSpan SlowSyncMax
    {
        get => _disk.SlowSyncMax;
        set => _disk.SlowSyncMax = value;
    }

    /// <summary>True while there is no such machine yet: it does not start.</summary>
    public bool IsAbsent { get; set; }

    /// <summary>True while its process hands over what it holds, to leave.</summary>
    public bool IsLeaving => _process is { IsLeaving: true };

    /// <summary>True once it has left, until it is started again.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>True while its process runs, paused or not.</summary>
    public bool IsUp => _process is not null;

    /// <summary>True while its process stands still, and at the moment in which it goes on.</summary>
    public bool IsPaused => _process is not null && _process.Life.ResumesAtTicks >= _world!.Timeline.Ticks && _process.Life.ResumesAtTicks > 0;

    /// <summary>True when its process runs and may serve.</summary>
    public bool IsReady => _process is { Membership.IsReady: true };

    /// <summary>The members as it sees them; null while it is down.</summary>
    public MembersSnapshot? Members => _process?.Membership.Members;

    /// <summary>The state it holds; null while it is down.</summary>
    public ReplicaCore? Replica => _process?.State.Replica;

    /// <summary>The state it holds or, while it is down, held when its process ended; null before the first start.</summary>
    internal ReplicaCore? LastReplica { get; private set; }

    /// <summary>The slots of it; null while it is down.</summary>
    public SchedulerCore? Scheduler => _process?.State.Scheduler;

    /// <summary>Syncs of its disk so far.</summary>
    public long Syncs => _disk.SyncCount;

    /// <summary>Checkpoints of its log completed so far.</summary>
    public long Checkpoints => _checkpointsBefore + (_process?.State.Checkpoints ?? 0);

    /// <summary>Buckets that its process could not read from the checkpoint when it started; 0 while it is down.</summary>
    public int DamagedBuckets => _process?.State.DamagedBuckets ?? 0;

    /// <summary>Places of the log that its process could not read when it started; 0 while it is down.</summary>
    public int DamagedPlaces => _process?.State.DamagedPlaces ?? 0;

    ProcessLife? IReceiver.Life => _process?.Life;

    internal void Connect(SimWorld world) => _world = world;

    /// <summary>Starts the process; nothing happens where it runs.</summary>
    public void Start()
    {
        if (_process is not null || IsAbsent) return;
        HasLeft = false;
        _process = new SimProcess(_setup, _clock, ++_lives, _world!, _disk, _hasDecayed);
        LastReplica = _process.State.Replica;
        _process.Membership.OnDeclaredLeft = BeginAnew;
        _process.Start();
    }

    // As the real node does: it ends, and starts with what it held put aside.
    private void BeginAnew(ulong epoch)
    {
        _process!.Membership.OnDeclaredLeft = null;
        SetAside.MarkRemoved(_disk, epoch);
        _world!.Timeline.After(TimeSpan.Zero, new SimEvent(EventKind.Start, Index, _process.Life, default, () =>
        {
            Crash(losesPower: false);
            Start();
        }));
    }

    /// <summary>Begins to leave the cluster for good; nothing happens where it is down or not ready.</summary>
    public void BeginLeaving()
    {
        if (!IsReady) return;
        _process!.BeginLeaving(_world!, Index, () =>
        {
            Crash(losesPower: false);
            HasLeft = true;
        });
    }

    /// <summary>Ends the process without warning; nothing happens where it is down.</summary>
    /// <param name="losesPower">True: what the disk had not synced may be lost or torn too.</param>
    public void Crash(bool losesPower)
    {
        if (_process is null) return;
        _process.End(losesPower);
        _checkpointsBefore += _process.State.Checkpoints;
        _process = null;
        _world!.Network.BreakStreams(Index);
    }

    /// <summary>Puts an empty disk in its place, but for the boot counter, which belongs to the id that the machine keeps; the process ends.</summary>
    public void Wipe()
    {
        Crash(losesPower: true);
        _disk.Load(SimDiskImage.Empty, IsIdentity);
        _world!.Observers.OnDiskSetBack(Index, toBackup: false);
    }

    private static bool IsIdentity(string file) => file == MembershipHost.EpochFile;

    /// <summary>Keeps what would be on the disk if the power failed now.</summary>
    public void Backup()
    {
        _backup = _disk.Save();
        _world!.Observers.OnBackup(Index);
    }

    /// <summary>Sets the disk back to the last backup, but for the boot counter; the process ends.</summary>
    public void Restore()
    {
        Crash(losesPower: true);
        _disk.Load(_backup ?? SimDiskImage.Empty, IsIdentity);
        _world!.Observers.OnDiskSetBack(Index, toBackup: _backup is not null);
    }

    /// <summary>
    /// Flips one bit in each file of the checkpoint and of the log, as decay of the medium does; the machine is down and lost power. Gives how many files
    /// that were.
    /// </summary>
    public int Decay(Prng prng)
    {
        Invariant.Holds(_process is null, "what is written while it decays is not the matter here");
        _hasDecayed = true;
        _world!.Observers.OnDecayed(Index);
        var parts = _disk.List().Where(IsState).ToList();
        foreach (var name in parts)
        {
            using var file = _disk.Open(name);
            _disk.FlipBit(name, prng.Next((int)file.Length), prng.Next(8));
        }

        return parts.Count;
    }

    private static bool IsState(string name) =>
        (name.StartsWith("state-", StringComparison.Ordinal) || name.StartsWith("cells-", StringComparison.Ordinal)) && !name.EndsWith(".tmp", StringComparison.Ordinal);

    /// <summary>Stops the process for a while, as SIGSTOP does.</summary>
    public void Pause(TimeSpan duration)
    {
        if (_process is not null) _process.Life.ResumesAtTicks = _world!.Timeline.Ticks + duration.Ticks;
    }

    /// <summary>True when a client could reach it now.</summary>
    public bool Serves => IsReady && _process!.Life.ResumesAtTicks <= _world!.Timeline.Ticks;

    /// <summary>A client asks this node, which must be up. The reply never comes where the process ends first.</summary>
    public void Ask(Command command, Action<Reply> onReply) => _process!.State.Ask(command, onReply);

    void IReceiver.OnDatagram(ReadOnlyMemory<byte> packet) => _process!.Membership.OnDatagram(packet);

    void IReceiver.OnFrame(int from, ReadOnlyMemory<byte> frame) => _process!.State.OnFrame(_world!.IdOf(from), frame);

    void IReceiver.OnPushPull(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer) => _process!.Membership.OnPushPull(body, answer);

    void IReceiver.OnStreamPing(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> answer) => _process!.Membership.OnStreamPing(body, answer);
}
