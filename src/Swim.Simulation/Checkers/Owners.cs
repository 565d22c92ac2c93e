using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Checkers;

/// <summary>Who must hold what once all is well, worked out anew from the machines themselves and not from what any node believes.</summary>
internal sealed class Owners(Simulator cluster)
{
    private readonly SortedDictionary<Swim.Core.Primitives.NodeId, SimNode> _byId = new(cluster.Nodes.ToDictionary(node => node.Id));
    private RingMember[] _members = [];
    private BucketMap? _map;

    /// <summary>The ring of the machines there are: without those that left or leave, and those that were removed and are still down.</summary>
    public ulong RingFingerprint => Map().Fingerprint;

    /// <summary>The home owners of a run, first owner first.</summary>
    public IEnumerable<SimNode> Of(WorkflowId run) => Of(Buckets.BucketOf(run.Place));

    /// <summary>The home owners of a bucket, first owner first.</summary>
    public IEnumerable<SimNode> Of(int bucket)
    {
        foreach (var id in Map().HomeOwners(bucket).ToArray()) yield return _byId[id];
    }

    private BucketMap Map()
    {
        var members = cluster.Nodes
            .Where(node => !node.HasLeft && !node.IsLeaving && (node.IsUp || !cluster.Removed.Contains(node.Index))).Select(static node => new RingMember(node.Id, node.Zone)).ToArray();
        if (_map is not null && members.SequenceEqual(_members)) return _map;
        _members = members;
        return _map = BucketMap.Build(Simulator.ClusterId, members, cluster.Replicas);
    }

    /// <summary>True for a home owner of a bucket.</summary>
    public bool IsHome(SimNode node, int bucket) => bucket < Buckets.Count && Map().IsHomeOwner(bucket, node.Id);

    /// <summary>What a node holds of a run; null while it holds nothing or is down.</summary>
    public static WorkflowCells? Cells(SimNode node, WorkflowId run) => node.Replica?.Find(run);

    /// <summary>Where a run stands as a node would derive it; null while its definition is not there.</summary>
    public static RunState? State(SimNode node, WorkflowId run) =>
        Cells(node, run) is { Definition: { } definition } cells ? RunState.Of(cells, definition) : null;
}
