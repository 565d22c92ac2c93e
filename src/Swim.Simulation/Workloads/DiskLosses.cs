using MessagePack;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Time;

namespace Swim.Simulation.Workloads;

/// <summary>
/// Which runs are excused from being there: those whose definition is on no disk any more, since every disk that ever had it was replaced by
/// an empty one or set back to before it came. Crashes, of however many nodes, excuse nothing: what was synced before one counts as being there.
/// </summary>
internal sealed class DiskLosses(Timeline timeline) : IObserver
{
    private readonly SortedDictionary<int, Queue<List<WorkflowId>>> _unsynced = [];
    private readonly SortedDictionary<int, HashSet<WorkflowId>> _onDisk = [];
    private readonly SortedDictionary<int, HashSet<WorkflowId>> _inBackup = [];
    private readonly HashSet<WorkflowId> _everOnDisk = [];
    private readonly SortedDictionary<int, long> _setBackAt = [];

    /// <summary>True when no disk holds the run and some disk did.</summary>
    public bool Excuse(WorkflowId run) => _everOnDisk.Contains(run) && !_onDisk.Values.Any(held => held.Contains(run));

    /// <summary>True when the node's disk was set back less than <paramref name="ago"/> ago: others may not know it yet.</summary>
    public bool WasSetBackWithin(int node, TimeSpan ago) => _setBackAt.TryGetValue(node, out var ticks) && timeline.Ticks - ticks < ago.Ticks;

    /// <inheritdoc/>
    public void OnRecovered(int node, long position)
    {
        _unsynced[node] = [];
        _onDisk.TryAdd(node, []);
    }

    /// <inheritdoc/>
    public void OnAppended(int node, ReadOnlyMemory<byte> record)
    {
        var reader = new MessagePackReader(record);
        reader.ReadArrayHeader();
        reader.ReadUInt64();
        var runs = new List<WorkflowId>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
            runs.AddRange(DeltaFrameCodec.Read(ref reader).Cells.Where(static cell => cell.Key.Kind == CellKind.Definition).Select(static cell => cell.Key.Workflow));
        _unsynced[node].Enqueue(runs);
    }

    /// <inheritdoc/>
    public void OnSynced(int node, long records)
    {
        for (; records > 0; records--)
        {
            var runs = _unsynced[node].Dequeue();
            _onDisk[node].UnionWith(runs);
            _everOnDisk.UnionWith(runs);
        }
    }

    /// <inheritdoc/>
    public void OnBackup(int node) => _inBackup[node] = [.. _onDisk.GetValueOrDefault(node) ?? []];

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup)
    {
        _setBackAt[node] = timeline.Ticks;
        _onDisk[node] = toBackup ? [.. _inBackup[node]] : [];
    }
}
