using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Writes how tasks and attempts end where no executor reported it.</summary>
internal sealed class TaskEnds(ReplicaState state)
{
    /// <summary>Most bytes of an error's message in a cell; it is cut there.</summary>
    public const int ErrorMessageBytesMax = 4_096;

    /// <summary>The task ends as CANCELLED.</summary>
    public void Cancel(WorkflowCells cells, int task, TaskStatus? status)
    {
        var stamp = state.Clock.Tick(state.Now);
        var (code, message) = cells.SupersededBy is { } holder
            ? ("SUPERSEDED", $"Workflow {holder} has the same idempotency key: both were submitted during a split.")
            : ("CANCELLED", "The workflow was cancelled.");
        var detail = TaskStatusDetail.Empty with { Executor = status?.Detail.Executor ?? NodeId.None, ErrorCode = code, ErrorMessage = message };
        state.WriteStatus(cells.Id, task, stamp, new TaskStatus(status?.Generation ?? 0, TaskState.Cancelled, status?.Attempt ?? 0, stamp, state.Self, detail));
    }

    /// <summary>The task ends as FAILED after the attempt that <paramref name="status"/> names.</summary>
    public void Fail(WorkflowId workflow, int task, TaskStatus status, string code, string message)
    {
        var stamp = state.Clock.Tick(state.Now);
        var detail = TaskStatusDetail.Empty with { Executor = status.Detail.Executor, ErrorCode = code, ErrorMessage = CellPayloads.Clip(message, ErrorMessageBytesMax), Result = TokenOf(workflow, task, status) };
        state.WriteStatus(workflow, task, stamp, new TaskStatus(status.Generation, TaskState.Failed, status.Attempt, stamp, state.Self, detail));
    }

    // What the attempt was given is found by its token.
    private static Dot TokenOf(WorkflowId workflow, int task, TaskStatus status) =>
        status.State is TaskState.Claimed or TaskState.Running ? new Dot(ClaimBook.AttemptOf(workflow, task, status).Token, 0) : default;

    /// <summary>The attempt ended without a result; the task may go on.</summary>
    public void Lose(WorkflowId workflow, int task, TaskStatus status, NodeId executor, AttemptEndValue end)
    {
        var key = CellPayloads.AttemptEndKey(task, status.Generation, status.Attempt, executor);
        state.Outbox.Notify(new AttemptLost(workflow, state.NameOf(workflow, task), status.Attempt, executor));
        state.Write(new CellKey(workflow, CellKind.AttemptEnd, key), CellPayloads.Encode(end));
    }
}
