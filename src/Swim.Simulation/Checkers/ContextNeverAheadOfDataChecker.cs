using Swim.Core.Crdt;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Checkers;

/// <summary>
/// A node whose context of a bucket names a write holds that write's cell, or a greater one in its place, or its workflow was collected: at
/// every moment.
/// </summary>
internal sealed class ContextNeverAheadOfDataChecker(Simulator cluster) : IChecker, IObserver, IWatcher
{
    private readonly SortedDictionary<int, Dictionary<Dot, Cell>> _writes = [];
    private readonly Dictionary<(int Node, int Bucket), (ReplicaCore Life, ulong Signature, int Writes)> _found = [];
    private readonly HashSet<WorkflowId> _collected = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "ContextNeverAheadOfData";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        Look(cluster);
        return _violation;
    }

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        if (_violation is not null) return;
        foreach (var node in cluster.UpNodes)
        {
            foreach (var tombstone in node.Replica!.Held.SelectMany(static bucket => bucket.Forgotten.Tombstones)) _collected.Add(tombstone.Cell.Key.Workflow);
        }

        foreach (var node in cluster.UpNodes)
        {
            foreach (var bucket in node.Replica!.Held)
            {
                if (_writes.TryGetValue(bucket.Number, out var writes)) Compare(node, bucket, writes);
            }
        }
    }

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        foreach (var frame in Frames.Of(message)) Take(frame);
    }

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup)
    {
        foreach (var (bucket, writes) in _writes)
        {
            foreach (var dot in writes.Keys.Where(dot => !LostWrites.IsSeen(cluster, node, bucket, dot)).ToList()) writes.Remove(dot);
        }
    }

    private void Take(DeltaFrame frame)
    {
        if (!_writes.TryGetValue(frame.Bucket, out var writes)) _writes[frame.Bucket] = writes = [];
        foreach (var cell in frame.Cells)
        {
            writes.TryAdd(cell.Dot, cell);
            if (cell.Key.Kind == CellKind.Tombstone) _collected.Add(cell.Key.Workflow);
        }
    }

    // What was found well and has not changed since is well.
    private void Compare(SimNode node, Bucket bucket, Dictionary<Dot, Cell> writes)
    {
        var now = (node.Replica!, bucket.Signature(), writes.Count);
        if (_found.TryGetValue((node.Index, bucket.Number), out var before) && before == now) return;
        _found[(node.Index, bucket.Number)] = now;
        foreach (var (dot, cell) in writes)
        {
            if (!bucket.Context.Contains(dot) || _collected.Contains(cell.Key.Workflow)) continue;
            var held = bucket.Find(cell.Key.Workflow)?.Find(cell.Key.Kind, cell.Key.Subkey);
            if (held is null || held.CompareTo(cell) < 0)
                _violation ??= $"n{node.Index} has seen write {dot} of bucket {bucket.Number} and lacks its {cell.Key.Kind} cell of {cell.Key.Workflow}";
        }
    }
}
