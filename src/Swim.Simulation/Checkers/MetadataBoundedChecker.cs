using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>Once everybody is back and a retention and a grace have passed nothing is left of what ended: no cell and no tombstone, on any node.</summary>
internal sealed class MetadataBoundedChecker(Workload work) : IChecker
{
    /// <inheritdoc/>
    public string Name => "MetadataBounded";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        if (!work.IsSettled) return "a client still waits for its answer";
        foreach (var node in cluster.Nodes)
        {
            if (node.Replica is not { } replica) return $"n{node.Index} is down";
            if (replica.CellCount > 0 || replica.TombstoneCount > 0) return $"n{node.Index} still has {replica.CellCount} cells and {replica.TombstoneCount} tombstones";
            if (replica.FloorLag > 2 * cluster.World.Forgetting.Grace) return $"the floor of n{node.Index} lags by {replica.FloorLag}";
        }

        return null;
    }
}
