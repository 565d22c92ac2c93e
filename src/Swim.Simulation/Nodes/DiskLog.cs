using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The log writer of one life: one sync serves everything that came while the one before it ran. A sync takes virtual time, and what
/// came meanwhile waits for the next. Positions go on from the recovered records.
/// </summary>
internal sealed class DiskLog
{
    private readonly NodeSetup _setup;
    private readonly ProcessLife _life;
    private readonly SimWorld _world;
    private readonly Prng _prng;
    private readonly Action<long> _onDurable;
    private readonly Queue<ReadOnlyMemory<byte>> _waiting = new();
    private readonly CellLog _log;
    private bool _isSyncing;

    /// <summary>Opens the log, giving every record found in it to <paramref name="onRecovered"/>.</summary>
    public DiskLog(
        NodeSetup setup, ProcessLife life, SimWorld world, Prng prng, SimDisk disk, Action<ReadOnlyMemory<byte>> onRecovered, Action<long> onDurable)
    {
        (_setup, _life, _world, _prng, _onDurable) = (setup, life, world, prng, onDurable);
        var options = new CellLogOptions { Owner = setup.Id, SegmentBytes = 64 << 10 };
        _log = CellLog.Open(disk, options, record => onRecovered(record.ToArray()), out _);
    }

    /// <summary>Hands a record to the writer.</summary>
    public void Append(ReadOnlyMemory<byte> record)
    {
        _world.Timeline.Trace.Add(_world.Timeline.Ticks, _setup.Index, EventKind.Append, record.Span);
        _waiting.Enqueue(record);
        if (!_isSyncing) BeginSync();
    }

    /// <summary>The process ends while the disk goes on: what the writer had begun may or may not get done.</summary>
    public void Kill(SimDisk disk)
    {
        if (_isSyncing && _prng.Chance(500)) _log.Flush();
        disk.Kill();
    }

    /// <summary>The power fails, perhaps in the middle of the sync that runs.</summary>
    public void CutPower(SimDisk disk)
    {
        if (_isSyncing)
        {
            disk.FailPowerAfter(_prng.Next(3));
            try
            {
                _log.Flush();
            }
            catch (PowerFailedException)
            {
                // As asked for: part of the write may be on the medium.
            }
        }

        disk.Crash(_prng);
    }

    private void BeginSync()
    {
        _isSyncing = true;
        while (_waiting.TryDequeue(out var record)) _log.Append(record.Span);
        _world.Timeline.After(_prng.Between(_setup.SyncMin, _setup.SyncMax), new SimEvent(EventKind.Synced, _setup.Index, _life, default, EndSync));
    }

    private void EndSync()
    {
        _log.Flush();
        _isSyncing = false;
        if (_waiting.Count > 0) BeginSync();
        _onDurable(_log.DurablePosition);
    }
}
