using Swim.Core.Replication;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// Once everybody is back and a retention and a grace have passed nothing is left of what ended: no cell and no tombstone, on any node; and no floor lags
/// by more than twice the grace or, where that is short, than a node takes to hear all others in turn.
/// </summary>
internal sealed class MetadataBoundedChecker(Workload work) : IChecker
{
    private static readonly TimeSpan TurnMax = 1.4 * new ReplicaSettings(default, 0).RepairPeriod;

    /// <inheritdoc/>
    public string Name => "MetadataBounded";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        if (!work.IsSettled) return "a client still waits for its answer";
        var forgetting = cluster.World.Forgetting;
        var round = forgetting.HintTtl + (cluster.Nodes.Count * TurnMax);
        var lagMax = 2 * forgetting.Grace > round ? 2 * forgetting.Grace : round;
        foreach (var node in cluster.Nodes)
        {
            if (node.Replica is not { } replica) return $"n{node.Index} is down";
            if (replica.CellCount > 0 || replica.TombstoneCount > 0) return $"n{node.Index} still has {replica.CellCount} cells and {replica.TombstoneCount} tombstones";
            if (replica.FloorLag > lagMax) return $"the floor of n{node.Index} lags by {replica.FloorLag}";
        }

        return null;
    }
}
