using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// No two nodes run a majority's task, of one generation, at the same moment of true time, whatever their clocks show. A process that
/// stands still runs nothing; it has the moment in which it goes on to stop what it may no longer run.
/// </summary>
internal sealed class OneMajorityAttemptChecker(Workload work) : IChecker, IObserver, IWatcher
{
    private readonly SortedDictionary<(WorkflowId Workflow, int Task, int Generation), List<Run>> _running = [];
    private string? _violation;

    private sealed record Run(int Node, AttemptId Attempt, ReplicaCore? Life);

    /// <inheritdoc/>
    public string Name => "AtMostOneUnexpiredMajorityClaim";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnTaskStarted(int node, StartTask task)
    {
        var attempt = task.Attempt;
        if (work.Find(attempt.Workflow) is not { IsMajority: true }) return;
        var key = (attempt.Workflow, attempt.Task, attempt.Generation);
        if (!_running.TryGetValue(key, out var runs)) _running[key] = runs = [];
        runs.Add(new Run(node, attempt, work.Cluster.Nodes[node].Replica));
        Judge(runs);
    }

    /// <inheritdoc/>
    public void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome)
    {
        if (_running.TryGetValue((task.Attempt.Workflow, task.Attempt.Task, task.Attempt.Generation), out var runs))
            runs.RemoveAll(run => run.Node == node && run.Attempt == task.Attempt);
    }

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        foreach (var runs in _running.Values.Where(static runs => runs.Count > 1)) Judge(runs);
    }

    private void Judge(List<Run> runs)
    {
        runs.RemoveAll(run => !ReferenceEquals(work.Cluster.Nodes[run.Node].Replica, run.Life));
        var active = runs.Where(run => !work.Cluster.Nodes[run.Node].IsPaused).ToList();
        if (active.Count < 2) return;
        _violation ??= $"task {active[0].Attempt.Task} of {active[0].Attempt.Workflow} runs at {work.Cluster.Elapsed} as attempt {active[0].Attempt.Attempt} on n{active[0].Node}"
            + $" and as attempt {active[1].Attempt.Attempt} on n{active[1].Node}";
    }
}
