using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The log writer of one life: one sync serves everything that came while the one before it ran. A sync takes virtual time, and what
/// came meanwhile waits for the next. Positions go on from the recovered records. Checkpoints are made all the time: files and
/// checkpoints are as small as they can be, so that a run of seconds sees many.
/// </summary>
internal sealed class DiskLog
{
    private const int SegmentBytes = 8 << 10;
    private const int CheckpointBytes = 2 << 10;
    private static readonly TimeSpan SlowSyncMin = TimeSpan.FromMilliseconds(10);

    private readonly NodeSetup _setup;
    private readonly ProcessLife _life;
    private readonly SimWorld _world;
    private readonly Prng _prng;
    private readonly StateKernel _kernel;
    private readonly SimDisk _disk;
    private readonly Action<long> _onDurable;
    private readonly Queue<Persist> _waiting = new();
    private readonly CellLog _log;
    private bool _isSyncing;
    private long _synced;

    // At most one is taken from the kernel and not yet written.
    private CheckpointPiece? _piece;

    /// <summary>Opens the log, giving all that is found in it to <paramref name="kernel"/>. Only where the medium decayed may something durable be missing.</summary>
    public DiskLog(NodeSetup setup, ProcessLife life, SimWorld world, Prng prng, SimDisk disk, StateKernel kernel, Action<long> onDurable, bool acceptsDamage)
    {
        (_setup, _life, _world, _prng, _kernel, _onDurable) = (setup, life, world, prng, kernel, onDurable);
        _disk = disk;
        _log = CellLog.Open(disk, OptionsOf(setup) with { AcceptsDamage = acceptsDamage }, kernel.Receiver, out var report);
        (DamagedBuckets, DamagedPlaces) = (report.DamagedBuckets, report.Damage.Count);
        kernel.OnRecovered(report.LastPosition);
        _synced = report.LastPosition;
        world.Observers.OnRecovered(setup.Index, report.LastPosition);
    }

    /// <summary>How many checkpoints this life completed.</summary>
    public int Checkpoints { get; private set; }

    /// <summary>How many buckets could not be read from the checkpoint.</summary>
    public int DamagedBuckets { get; }

    /// <summary>How many places of the log could not be read.</summary>
    public int DamagedPlaces { get; }

    /// <summary>Gives what lies aside, of lives that were removed, to the node's lost-and-found.</summary>
    public void ReadAside(ReplicaCore replica)
    {
        SetAside.Read(_disk, OptionsOf(_setup), replica.AsideReceiver);
        replica.BeginLostAndFound();
    }

    /// <summary>Hands a record to the writer.</summary>
    public void Append(Persist record)
    {
        _world.Timeline.Trace.Add(_world.Timeline.Ticks, _setup.Index, EventKind.Append, record.Record.Span);
        _world.Observers.OnAppended(_setup.Index, record.Record);
        _waiting.Enqueue(record);
        if (!_isSyncing) BeginSync();
    }

    /// <summary>The process ends while the disk goes on: what the writer had begun may or may not get done.</summary>
    public void Kill(SimDisk disk)
    {
        if (_isSyncing && _prng.Chance(500)) WriteAll();
        disk.Kill();
    }

    /// <summary>The power fails, perhaps in the middle of the sync that runs.</summary>
    public void CutPower(SimDisk disk)
    {
        if (_isSyncing)
        {
            disk.FailPowerAfter(_prng.Next(_piece is null ? 3 : 16));
            try
            {
                WriteAll();
            }
            catch (PowerFailedException)
            {
                // As asked for: part of the write may be on the medium.
            }
        }

        disk.Crash(_prng);
    }

    private static CellLogOptions OptionsOf(NodeSetup setup) => new() { Owner = setup.Id, SegmentBytes = SegmentBytes, CheckpointBytes = CheckpointBytes };

    private void BeginSync()
    {
        _isSyncing = true;
        while (_waiting.TryDequeue(out var record)) _log.Append(record.Record.Span, record.Buckets);
        if (Planted.Is(Mutant.AckBeforeSync)) Tell(_log.Position);
        _world.Timeline.After(SyncTime(), new SimEvent(EventKind.Synced, _setup.Index, _life, default, EndSync));
    }

    private TimeSpan SyncTime() =>
        _disk.SlowSyncMax > TimeSpan.Zero ? _prng.Between(SlowSyncMin, _disk.SlowSyncMax) : _prng.Between(_setup.SyncMin, _setup.SyncMax);

    private void EndSync()
    {
        var step = WriteAll();
        _piece = null;
        _isSyncing = false;
        GoOn(step);
        if (_waiting.Count > 0 || _piece is not null) BeginSync();
        // Only now: a file that was full made the log sync once more.
        _world.Observers.OnSynced(_setup.Index, _log.DurablePosition - _synced);
        _synced = _log.DurablePosition;
        Tell(_log.DurablePosition);
    }

    private void Tell(long position)
    {
        _world.Observers.OnDurable(_setup.Index, position);
        _onDurable(position);
    }

    // The records first, in the order in which they came before the piece.
    private CheckpointStep? WriteAll()
    {
        _log.Flush();
        return _piece is null ? null : _log.Write(_piece);
    }

    private void GoOn(CheckpointStep? step)
    {
        if (step == CheckpointStep.Completed) Checkpoints++;
        if (step is CheckpointStep.Completed or CheckpointStep.GivenUp) _kernel.OnCheckpointEnded(step == CheckpointStep.Completed);
        else if (step == CheckpointStep.Written || _log.IsCheckpointDue) _piece = _kernel.NextPiece();
    }
}
