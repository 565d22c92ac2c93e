using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>No attempt begins anywhere before an attempt of each task it waits for has succeeded somewhere, and none of a task that must be skipped.</summary>
internal sealed class DepsSatisfiedChecker(Workload work) : IChecker, IObserver
{
    private readonly SortedSet<(WorkflowId Run, int Task)> _succeeded = [];
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "NoStartBeforeDepsSatisfied";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <summary>Attempts begun.</summary>
    public long Started { get; private set; }

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void OnTaskStarted(int node, StartTask task)
    {
        Started++;
        var (run, index) = (task.Attempt.Workflow, task.Attempt.Task);
        if (work.Find(run) is not { } expected)
        {
            _violation ??= $"n{node} ran a task of {run}, which nobody submitted";
            return;
        }

        foreach (var wait in expected.Tasks[index].DependsOn)
        {
            if (!_succeeded.Contains((run, wait))) _violation ??= $"n{node} began task {index} of {run} before task {wait} had succeeded";
        }
    }

    /// <inheritdoc/>
    public void OnTaskEnded(int node, StartTask task, AttemptOutcome outcome)
    {
        if (outcome.Kind == AttemptOutcomeKind.Succeeded) _succeeded.Add((task.Attempt.Workflow, task.Attempt.Task));
    }
}
