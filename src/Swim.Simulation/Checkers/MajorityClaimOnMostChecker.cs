using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>When a majority's attempt begins, most of R nodes know of it. One that is down may have it on its disk.</summary>
internal sealed class MajorityClaimOnMostChecker(Workload work) : IChecker, IObserver
{
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "MajorityClaimOnMostOwners";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnTaskStarted(int node, StartTask task)
    {
        if (_violation is not null || work.Find(task.Attempt.Workflow) is not { IsMajority: true }) return;
        var nodes = work.Cluster.Nodes;
        var owners = nodes.Min(static other => other.Replica?.Placement?.Map.Replicas ?? int.MaxValue);
        var have = nodes.Count(other => !other.IsUp || Knows(other, task.Attempt));
        if (have < (owners / 2) + 1) _violation = $"n{node} began attempt {task.Attempt.Attempt} of task {task.Attempt.Task} of {task.Attempt.Workflow}, of which {have} nodes know";
    }

    private static bool Knows(SimNode node, AttemptId attempt) =>
        node.Replica?.Find(attempt.Workflow)?.StatusOf(attempt.Task) is { } status && (status.State.IsTerminal() || status.Attempt >= attempt.Attempt);
}
