using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Simulation.Checkers;

/// <summary>
/// Where an end of a task takes the place of another on a node, within a generation and a life, it succeeded and the other did not, or it was
/// committed earlier; one that gave the workflow away meanwhile begins anew. A generation ends only where the workflow asked for that. Looked at in steps.
/// </summary>
internal sealed class OutcomeMovesUpOnlyChecker(Workload work) : IChecker, IWatcher
{
    private readonly SortedDictionary<(int Node, WorkflowId Run, int Task), (WorkflowCells Life, TaskStatus Status)> _ends = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "OutcomeMovesUpOnly";

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
            if (_ends.TryGetValue(key, out var before) && ReferenceEquals(before.Life, cells) && Contradiction(definition, before.Status, status) is { } wrong)
                _violation ??= $"task {task} of {run} {wrong} on n{node.Index}";
            if (status.State.IsTerminal()) _ends[key] = (cells, status);
        }
    }

    private static string? Contradiction(WorkflowDefinition definition, TaskStatus before, TaskStatus after)
    {
        if (after.Generation != before.Generation)
            return after.Generation > before.Generation && definition.OnWinnerChange != WinnerChangePolicy.Accept ? null : $"went from generation {before.Generation} to {after.Generation}";
        var isUp = (IsSuccess(after), IsSuccess(before)) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => (after.Stamp, after.Node, after.Attempt).CompareTo((before.Stamp, before.Node, before.Attempt)) <= 0,
        };
        return after.State.IsTerminal() && isUp ? null : $"went from {before.State} at {before.Stamp} to {after.State} at {after.Stamp}";
    }

    private static bool IsSuccess(TaskStatus status) => status.State == TaskState.Succeeded;
}
