using Swim.Core.Workflows;

namespace Swim.Simulation.Workloads;

/// <summary>How a task must end, whoever runs it and however often.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">Succeeded, failed or skipped.</param>
/// <param name="Output">Its canonical JSON where it succeeds; else empty.</param>
/// <param name="DependsOn">Indexes of those it waits for.</param>
public sealed record ExpectedTask(string Id, TaskState State, string Output, IReadOnlyList<int> DependsOn);

/// <summary>A generated workflow and how it must end. Its tools are deterministic, so there is one right answer.</summary>
/// <param name="Definition">Canonical bytes.</param>
/// <param name="Tasks">By index.</param>
public sealed record ExpectedRun(byte[] Definition, IReadOnlyList<ExpectedTask> Tasks)
{
    /// <summary>How it ends if nobody cancels it.</summary>
    public WorkflowState State { get; } = StateOf(Tasks);

    /// <summary>True when its claims need most home owners.</summary>
    public bool IsMajority { get; } = CanonicalWorkflow.IsMajority(Definition);

    private static WorkflowState StateOf(IReadOnlyList<ExpectedTask> tasks)
    {
        var succeeded = tasks.Count(task => task.State == TaskState.Succeeded);
        return succeeded == tasks.Count ? WorkflowState.Succeeded : succeeded > 0 ? WorkflowState.Partial : WorkflowState.Failed;
    }
}
