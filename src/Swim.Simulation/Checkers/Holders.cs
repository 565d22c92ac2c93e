using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Checkers;

/// <summary>Which machines have a run, worked out from the machines themselves and not from what any node believes.</summary>
internal static class Holders
{
    /// <summary>
    /// True when two machines have the submission or its tombstone, in their memory or, where they are down, on their disks. One is enough where the cluster of
    /// who answers has no other member: not even one that is down, cut off, or on its way in. One that is excused counts as having it.
    /// </summary>
    public static bool HaveTwo(Simulator cluster, WorkflowId run, Func<int, bool> isExcused, Func<SimNode, bool> isMember)
    {
        var members = cluster.Nodes.Count(node => node is { HasLeft: false, IsLeaving: false, IsAbsent: false } && isMember(node));
        var holders = cluster.Nodes.Count(node => !node.HasLeft && (isExcused(node.Index) || Has(node.LastReplica, run)));
        return holders >= Math.Min(2, members);
    }

    private static bool Has(ReplicaCore? replica, WorkflowId run) => replica is not null && (replica.Find(run)?.Submission is not null || replica.HasTombstone(run));
}
