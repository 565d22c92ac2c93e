using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>Shows a workflow from its cells.</summary>
internal static class WorkflowViews
{
    /// <summary>The view of a workflow whose definition has arrived.</summary>
    public static WorkflowView Of(WorkflowCells cells, RunState run, AckLevel durable)
    {
        var definition = run.Definition;
        var tasks = definition.Tasks.Select(task => TaskOf(cells, run, task)).ToList();
        var outcome = run.Outcome;
        var finished = outcome.IsTerminal() ? tasks.Max(static task => task.FinishedUnixMs) : 0;
        return new WorkflowView(
            cells.Id, cells.Submission!.Namespace, definition.Name, outcome, tasks, OutputOf(cells, definition, outcome), definition.Layers,
            cells.Created.PhysicalMs, finished, durable, cells.SupersededBy);
    }

    private static TaskView TaskOf(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var state = run[task.Index];
        var status = state == TaskState.Skipped ? null : cells.StatusOf(task.Index);
        var (code, message) = ErrorOf(run, task, status);
        var detail = status?.Detail ?? TaskStatusDetail.Empty;
        var ended = status is not null && status.State.IsTerminal();
        return new TaskView(
            task.Id, task.Tool, [.. task.DependsOn.Select(dependency => run.Definition.Tasks[dependency].Id)], state, status?.Attempt ?? 0,
            detail.Executor, cells.ResultOf(task.Index) ?? default, code, message, detail.Retryable, StartedOf(status, detail),
            ended ? status!.Stamp.PhysicalMs : 0);
    }

    // The executor's own time comes with the end; until then the token, which is the claim's stamp, tells when the attempt was given out.
    private static long StartedOf(TaskStatus? status, TaskStatusDetail detail) =>
        status is { State: TaskState.Running } ? new HlcTimestamp(detail.Result.Actor).PhysicalMs : detail.StartedUnixMs;

    private static (string? Code, string? Message) ErrorOf(RunState run, TaskDefinition task, TaskStatus? status)
    {
        if (run[task.Index] == TaskState.Skipped) return ("DEPENDENCY_FAILED", $"Dependency {run.FailedDependency(task)?.Id} failed");
        return status is { Detail.ErrorCode.Length: > 0 } ? (status.Detail.ErrorCode, status.Detail.ErrorMessage) : (null, null);
    }

    // A reference to a task without an output leaves the output empty: the tasks say why.
    private static ReadOnlyMemory<byte> OutputOf(WorkflowCells cells, WorkflowDefinition definition, WorkflowState outcome)
    {
        if (!definition.HasOutput || !outcome.IsTerminal()) return default;
        return ArgumentResolver.TryResolveValue(definition.Output, RunValues.Of(cells), out var output, out _)
            ? CanonicalJson.Write(output)
            : default;
    }
}
