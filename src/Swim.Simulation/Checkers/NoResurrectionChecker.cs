using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Checkers;

/// <summary>
/// A home owner that had a workflow's tombstone never holds the workflow again, also after that is dropped, and after a restart once it was on
/// the disk that it still has. Others may be sent old cells, and give them away: that nothing stays anywhere is for <see cref="MetadataBoundedChecker"/>.
/// </summary>
internal sealed class NoResurrectionChecker : IChecker, IObserver, IWatcher
{
    private static readonly TimeSpan SyncedWithin = TimeSpan.FromSeconds(1);
    private readonly Dictionary<(int Node, WorkflowId Workflow), (ReplicaCore Life, long SinceTicks)> _buried = [];
    private readonly SortedDictionary<int, (ReplicaCore Life, long LastTicks)> _lives = [];
    private Owners? _owners;
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NoResurrection";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup)
    {
        foreach (var key in _buried.Keys.Where(key => key.Node == node).ToList()) _buried.Remove(key);
    }

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        foreach (var node in cluster.UpNodes) Look(node, cluster.Timeline.Ticks);
    }

    private void Look(SimNode node, long ticks)
    {
        var replica = node.Replica!;
        if (_lives.TryGetValue(node.Index, out var last) && last.Life != replica) ForgetUnsynced(node.Index, last.LastTicks);
        _lives[node.Index] = (replica, ticks);
        foreach (var bucket in replica.Held.Where(bucket => _owners!.IsHome(node, bucket.Number)))
        {
            foreach (var (tombstone, _) in bucket.Forgotten.Tombstones) _buried.TryAdd((node.Index, tombstone.Key.Workflow), (replica, ticks));
            foreach (var workflow in bucket.Workflows)
            {
                if (_buried.ContainsKey((node.Index, workflow.Id))) _violation ??= $"n{node.Index} had forgotten {workflow.Id} and holds it again";
            }
        }
    }

    // A tombstone that had just come when the power went may not have been on the disk.
    private void ForgetUnsynced(int node, long endedTicks)
    {
        foreach (var key in _buried.Where(entry => entry.Key.Node == node && entry.Value.SinceTicks > endedTicks - SyncedWithin.Ticks).Select(static entry => entry.Key).ToList())
            _buried.Remove(key);
    }
}
