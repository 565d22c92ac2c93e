using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;

namespace Swim.Core.Workflows;

/// <summary>
/// Where every task of a workflow stands, derived from the winning cells: SKIPPED and the outcome are never written, so two
/// replicas with equal cells show the same. Follows the cells one by one: a change costs a look at its task and at those that depend
/// on it, however many tasks there are. Remembers which tasks moved since the planner last asked.
/// </summary>
public sealed class RunState
{
    private readonly WorkflowCells _cells;
    private readonly TaskState[] _states;
    private readonly Dependents _dependents;

    // Of each task: dependencies that have not succeeded, and those that ended without success.
    private readonly int[] _unmet;
    private readonly int[] _failed;
    private readonly int[] _counts = new int[(int)Enum.GetValues<TaskState>().Max() + 1];
    private readonly SortedSet<int> _retrying = [];
    private readonly SortedSet<int> _withoutResult = [];
    private readonly Stack<int> _toDerive = [];
    private SortedSet<int> _touched = [];
    private bool _isAllTouched = true;

    private RunState(WorkflowCells cells, WorkflowDefinition definition)
    {
        (_cells, Definition, _dependents) = (cells, definition, new Dependents(definition));
        var count = definition.Tasks.Count;
        (_states, _unmet, _failed) = (new TaskState[count], new int[count], new int[count]);
        Array.Fill(_states, TaskState.Pending);
        _counts[(int)TaskState.Pending] = count;
        for (var task = 0; task < count; task++) _unmet[task] = definition.Tasks[task].DependsOn.Count;
    }

    /// <summary>What runs.</summary>
    public WorkflowDefinition Definition { get; }

    /// <summary>The written phase.</summary>
    public WorkflowPhase Phase => _cells.Phase;

    /// <summary>Derives the states; the definition must have arrived. The planner has seen none of them.</summary>
    public static RunState Of(WorkflowCells cells, WorkflowDefinition definition)
    {
        var run = new RunState(cells, definition);
        foreach (var task in definition.TopologicalOrder) run.Follow(task);
        return run;
    }

    /// <summary>Where the task stands.</summary>
    public TaskState this[int task] => _states[task];

    /// <summary>How many tasks stand so.</summary>
    public int CountOf(TaskState state) => _counts[(int)state];

    /// <summary>How many tasks have ended.</summary>
    public int EndedCount => CountOf(TaskState.Succeeded) + CountOf(TaskState.Failed) + CountOf(TaskState.Cancelled) + CountOf(TaskState.Skipped);

    /// <summary>True when all its dependencies succeeded.</summary>
    public bool IsReady(TaskDefinition task) => _unmet[task.Index] == 0 || (Planted.Is(Mutant.PlansBeforeDependencies) && _unmet[task.Index] < task.DependsOn.Count);

    /// <summary>The first dependency that ended without success, or null.</summary>
    public TaskDefinition? FailedDependency(TaskDefinition task)
    {
        foreach (var dependency in task.DependsOn)
        {
            if (IsFailed(_states[dependency])) return Definition.Tasks[dependency];
        }

        return null;
    }

    /// <summary>The workflow's state: its phase while a task is open, else the outcome.</summary>
    public WorkflowState Outcome
    {
        get
        {
            if (EndedCount < _states.Length) return Open;
            var succeeded = CountOf(TaskState.Succeeded);
            if (Phase >= WorkflowPhase.Cancelling && CountOf(TaskState.Cancelled) > 0) return WorkflowState.Cancelled;
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

    /// <summary>
    /// The tasks to look at: those whose state, readiness or ended attempts changed since the last call, and those touched by name;
    /// ascending. All tasks at first, and after the phase changed.
    /// </summary>
    public IEnumerable<int> TakeTouched()
    {
        var (touched, isAll) = (_touched, _isAllTouched);
        (_touched, _isAllTouched) = ([], false);
        return isAll ? Definition.TopologicalOrder : touched;
    }

    /// <summary>Has the planner look at the task.</summary>
    public void Touch(int task)
    {
        if (!_isAllTouched && task < _states.Length) _touched.Add(task);
    }

    /// <summary>Has the planner look at every task.</summary>
    public void TouchAll() => _isAllTouched = true;

    /// <summary>Has the planner look at the tasks that wait for their retry.</summary>
    public void TouchRetrying()
    {
        foreach (var task in _retrying) Touch(task);
    }

    /// <summary>A cell under that key was put or taken out.</summary>
    internal void OnCell(in CellKey key)
    {
        switch (key.Kind)
        {
            case CellKind.Status or CellKind.Result or CellKind.AttemptEnd when key.Subkey.A < (ulong)_states.Length: Follow((int)key.Subkey.A); break;
            case CellKind.Phase: TouchAll(); break;
            case CellKind.Chunk: foreach (var task in _withoutResult.ToList()) Follow(task); break;
            default: break;
        }
    }

    // Whoever depends on a task that moved follows, and so on down the graph. Not by recursion: chains are long.
    private void Follow(int changed)
    {
        Touch(changed);
        _toDerive.Push(changed);
        while (_toDerive.TryPop(out var task))
        {
            var (before, after) = (_states[task], Derive(task));
            if (before != after) Move(task, before, after);
        }
    }

    private void Move(int task, TaskState before, TaskState after)
    {
        _states[task] = after;
        _counts[(int)before]--;
        _counts[(int)after]++;
        Touch(task);
        if (after == TaskState.RetryWait) _retrying.Add(task);
        else if (before == TaskState.RetryWait) _retrying.Remove(task);
        var met = (after == TaskState.Succeeded ? 1 : 0) - (before == TaskState.Succeeded ? 1 : 0);
        var failed = (IsFailed(after) ? 1 : 0) - (IsFailed(before) ? 1 : 0);
        if (met == 0 && failed == 0) return;
        foreach (var dependent in _dependents.Of(task))
        {
            _unmet[dependent] -= met;
            _failed[dependent] += failed;
            if (_unmet[dependent] == 0 || met < 0) Touch(dependent);
            if (failed != 0) _toDerive.Push(dependent);
        }
    }

    private TaskState Derive(int task)
    {
        var status = _cells.StatusOf(task);
        // A success whose result has not arrived yet counts as under way: nobody may be shown it, or build on it, without.
        if (IsWithoutResult(task, status)) return TaskState.Running;
        if (status is { State: var written } && written.IsTerminal()) return written;
        return _failed[task] > 0 ? TaskState.Skipped : status?.State ?? TaskState.Pending;
    }

    private bool IsWithoutResult(int task, TaskStatus? status)
    {
        var isWithout = status is { State: TaskState.Succeeded } && _cells.ResultLengthOf(task) is null;
        if (isWithout) _withoutResult.Add(task);
        else _withoutResult.Remove(task);
        return isWithout;
    }

    private static bool IsFailed(TaskState state) => state.IsTerminal() && state != TaskState.Succeeded;
}
