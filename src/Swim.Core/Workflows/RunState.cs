using Swim.Core.Primitives;
using Swim.Core.Replication;

namespace Swim.Core.Workflows;

/// <summary>
/// Where every task of a workflow stands, derived from the winning cells: SKIPPED and the outcome are never written, so two
/// replicas with equal cells show the same. Recomputed whole in one pass along the topological order.
/// </summary>
public sealed class RunState
{
    private readonly TaskState[] _states;

    private RunState(WorkflowDefinition definition, TaskState[] states, WorkflowPhase phase) =>
        (Definition, _states, Phase) = (definition, states, phase);

    /// <summary>What runs.</summary>
    public WorkflowDefinition Definition { get; }

    /// <summary>The written phase.</summary>
    public WorkflowPhase Phase { get; }

    /// <summary>Derives the states; the definition must have arrived.</summary>
    public static RunState Of(WorkflowCells cells, WorkflowDefinition definition)
    {
        var states = new TaskState[definition.Tasks.Count];
        foreach (var task in definition.TopologicalOrder) states[task] = Derive(cells, definition.Tasks[task], states);
        return new RunState(definition, states, cells.Phase);
    }

    /// <summary>Where the task stands.</summary>
    public TaskState this[int task] => _states[task];

    /// <summary>True when all its dependencies succeeded.</summary>
    public bool IsReady(TaskDefinition task)
    {
        if (Planted.Is(Mutant.PlansBeforeDependencies) && IsHalfReady(task)) return true;
        foreach (var dependency in task.DependsOn)
        {
            if (_states[dependency] != TaskState.Succeeded) return false;
        }

        return true;
    }

    private bool IsHalfReady(TaskDefinition task) => task.DependsOn.Any(dependency => _states[dependency] == TaskState.Succeeded);

    /// <summary>The first dependency that ended without success, or null.</summary>
    public TaskDefinition? FailedDependency(TaskDefinition task)
    {
        foreach (var dependency in task.DependsOn)
        {
            if (_states[dependency].IsTerminal() && _states[dependency] != TaskState.Succeeded) return Definition.Tasks[dependency];
        }

        return null;
    }

    /// <summary>The workflow's state: its phase while a task is open, else the outcome.</summary>
    public WorkflowState Outcome
    {
        get
        {
            if (!Array.TrueForAll(_states, static state => state.IsTerminal())) return Open;
            var succeeded = _states.Count(static state => state == TaskState.Succeeded);
            if (Phase >= WorkflowPhase.Cancelling && Array.IndexOf(_states, TaskState.Cancelled) >= 0) return WorkflowState.Cancelled;
            if (succeeded == _states.Length) return WorkflowState.Succeeded;
            return succeeded > 0 ? WorkflowState.Partial : WorkflowState.Failed;
        }
    }

    /// <summary>What the written phase makes of it while a task is open, or while an end is not to be shown yet.</summary>
    public WorkflowState Open => Phase switch
    {
        WorkflowPhase.Cancelling => WorkflowState.Cancelling,
        WorkflowPhase.RollingBack => WorkflowState.RollingBack,
        _ => WorkflowState.Running,
    };

    private static TaskState Derive(WorkflowCells cells, TaskDefinition task, TaskState[] states)
    {
        var status = cells.StatusOf(task.Index);
        // A success whose result has not arrived yet counts as under way: nobody may be shown it, or build on it, without.
        if (status is { State: TaskState.Succeeded } && cells.ResultLengthOf(task.Index) is null) return TaskState.Running;
        if (status is { State: var written } && written.IsTerminal()) return written;
        foreach (var dependency in task.DependsOn)
        {
            if (states[dependency].IsTerminal() && states[dependency] != TaskState.Succeeded) return TaskState.Skipped;
        }

        return status?.State ?? TaskState.Pending;
    }
}
