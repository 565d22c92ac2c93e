using Swim.Core.Clocks;
using Swim.Core.Replication;

namespace Swim.Simulation.Checkers;

/// <summary>No bucket's floor falls on a home owner, restarts included once it was on the disk that it still has; none is younger than now less the grace.</summary>
internal sealed class FloorMonotoneChecker : IChecker, IObserver, IWatcher
{
    private const long SkewMs = 100;
    private static readonly TimeSpan SyncedWithin = TimeSpan.FromSeconds(1);
    private readonly Dictionary<(int Node, int Bucket), Seen> _seen = [];
    private Owners? _owners;
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "FloorMonotone";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnDiskSetBack(int node, bool toBackup)
    {
        foreach (var key in _seen.Keys.Where(key => key.Node == node).ToList()) _seen.Remove(key);
    }

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        var nowMs = cluster.TrueMs;
        _owners ??= new Owners(cluster);
        foreach (var node in cluster.UpNodes)
        {
            foreach (var bucket in node.Replica!.Held.Where(bucket => _owners.IsHome(node, bucket.Number)))
            {
                var floor = bucket.Forgotten.Floor;
                var seen = _seen.GetValueOrDefault((node.Index, bucket.Number));
                var least = seen.Life == node.Replica || cluster.Timeline.Ticks - seen.RaisedTicks > SyncedWithin.Ticks ? seen.Floor : seen.Before;
                if (floor < least) _violation ??= $"the floor of bucket {bucket.Number} fell on n{node.Index} from {least} to {floor}";
                if (floor.PhysicalMs > nowMs + SkewMs - cluster.World.Forgetting.Grace.TotalMilliseconds) _violation ??= $"the floor of bucket {bucket.Number} on n{node.Index} is {floor} at {nowMs}";
                if (floor != seen.Floor) _seen[(node.Index, bucket.Number)] = new Seen(node.Replica, floor, seen.Floor, cluster.Timeline.Ticks);
                else if (seen.Life != node.Replica) _seen[(node.Index, bucket.Number)] = seen with { Life = node.Replica };
            }
        }
    }

    private readonly record struct Seen(ReplicaCore? Life, HlcTimestamp Floor, HlcTimestamp Before, long RaisedTicks);
}
