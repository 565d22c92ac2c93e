using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// Within a generation a task that a node once held for ended never is open again on that node, nor goes from SUCCEEDED to another
/// end. Looked at in steps, for as long as the node has it: what was not yet durable may be gone after a crash, and what was handed
/// over or forgotten may come back in parts.
/// </summary>
internal sealed class TerminalStickyChecker(Workload work) : IChecker, IWatcher
{
    private readonly SortedDictionary<(int Node, WorkflowId Run, int Task), (WorkflowCells Cells, int Generation, int Rank)> _highest = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "TerminalSticky";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        foreach (var node in cluster.UpNodes)
        {
            foreach (var run in work.Runs) Look(node, run);
        }
    }

    private void Look(SimNode node, WorkflowId run)
    {
        if (Owners.Cells(node, run) is not { Definition: { } definition } cells) return;
        for (var task = 0; task < definition.Tasks.Count; task++)
        {
            if (cells.StatusOf(task) is not { } status) continue;
            var key = (node.Index, run, task);
            if (_highest.TryGetValue(key, out var before) && ReferenceEquals(before.Cells, cells)
                && (status.Generation, status.Rank).CompareTo((before.Generation, before.Rank)) < 0)
                _violation ??= $"task {task} of {run} went back to {status.State} on n{node.Index}";
            _highest[key] = (cells, status.Generation, status.Rank);
        }
    }
}
