using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>Shows a workflow from its cells.</summary>
internal static class WorkflowViews
{
    /// <summary>
    /// Outputs of tasks in one view, 1.5 MiB: the first that fit, in the document's order. A stock client takes answers of 4 MiB.
    /// </summary>
    public const int OutputsBytesMax = 3 << 19;

    /// <summary>The view of a workflow whose definition has arrived.</summary>
    public static WorkflowView Of(WorkflowCells cells, RunState run, AckLevel durable)
    {
        var definition = run.Definition;
        var left = OutputsBytesMax;
        var tasks = new List<TaskView>(definition.Tasks.Count);
        foreach (var task in definition.Tasks) tasks.Add(TaskOf(cells, run, task, ref left));
        var outcome = run.Outcome;
        var finished = outcome.IsTerminal() ? tasks.Max(static task => task.FinishedUnixMs) : 0;
        return new WorkflowView(
            cells.Id, cells.Submission!.Namespace, definition.Name, outcome, tasks, OutputOf(cells, definition, outcome), definition.Layers,
            cells.Created.PhysicalMs, finished, durable, cells.SupersededBy)
        {
            Merges = cells.Merges,
        };
    }

    /// <summary>The same with one task alone, and that with its output however large; no task where none has that name.</summary>
    public static WorkflowView Of(WorkflowCells cells, RunState run, AckLevel durable, string taskId)
    {
        var left = int.MaxValue;
        var view = Of(cells, run, durable);
        return view with { Tasks = run.Definition.Find(taskId) is { } task ? [TaskOf(cells, run, task, ref left)] : [], Output = default };
    }

    private static TaskView TaskOf(WorkflowCells cells, RunState run, TaskDefinition task, ref int left)
    {
        var length = cells.ResultLengthOf(task.Index) ?? 0;
        var isShown = length <= left;
        if (isShown) left -= length;
        var state = run[task.Index];
        var status = state == TaskState.Skipped ? null : cells.StatusOf(task.Index);
        var (code, message) = ErrorOf(run, task, status);
        var detail = status?.Detail ?? TaskStatusDetail.Empty;
        var ended = status is not null && status.State.IsTerminal();
        return new TaskView(
            task.Id, task.Tool, [.. task.DependsOn.Select(dependency => run.Definition.Tasks[dependency].Id)], state, status?.Attempt ?? 0,
            detail.Executor, isShown ? cells.ResultOf(task.Index) ?? default : default, length, code, message, detail.Retryable, StartedOf(status, detail),
            ended ? status!.Stamp.PhysicalMs : 0)
        {
            Generation = cells.StatusOf(task.Index)?.Generation ?? 0,
            StaleInputs = [.. StaleInputs.OfTask(cells, run, task).Take(MergeReport.NamedMax).Select(input => run.Definition.Tasks[input.Task].Id)],
        };

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
