using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Commits what executors report: an attempt's result, failure or stop becomes cells.</summary>
internal sealed class AttemptCommits(ReplicaState state, ClaimBook claims, MajorityClaims majority, TaskEnds ends)
{
    /// <summary>Commits how an attempt ended; false when the workflow is not known here.</summary>
    public bool Commit(NodeId executor, AttemptEnded ended)
    {
        var attempt = ended.Attempt;
        if (state.Store.Find(attempt.Workflow) is not { Definition: { } definition } cells) return IsForgotten(attempt);
        if (attempt.Task >= definition.Tasks.Count) return true;
        var status = cells.StatusOf(attempt.Task);
        if (status is not null && status.Generation > attempt.Generation) return true;
        if (status is not null && status.Generation < attempt.Generation) status = null;
        switch (ended.Outcome.Kind)
        {
            case AttemptOutcomeKind.Succeeded when definition.Tasks[attempt.Task].StrictFencing && IsFenced(attempt, status): break;
            case AttemptOutcomeKind.Succeeded: CommitSuccess(executor, cells, attempt, ended.Outcome, status); break;
            case AttemptOutcomeKind.Failed: CommitFailure(executor, cells, definition.Tasks[attempt.Task], attempt, ended.Outcome, status); break;
            default: CommitStop(executor, cells, attempt, status); break;
        }

        if (definition.Consistency == WorkflowConsistency.Majority) majority.NoteEnded(attempt);
        claims.Drop(attempt);
        return true;
    }

    // Another claim has taken its place: a higher attempt, or the same one under a later token.
    private static bool IsFenced(AttemptId attempt, TaskStatus? status) => status is not null && !status.State.IsTerminal()
        && (status.Attempt > attempt.Attempt
            || (status is { State: TaskState.Claimed or TaskState.Running } && status.Attempt == attempt.Attempt
                && ClaimBook.AttemptOf(attempt.Workflow, attempt.Task, status).Token > attempt.Token));

    // Its end can never matter: the executor need not say it again.
    private bool IsForgotten(AttemptId attempt) =>
        state.Store.Find(Ring.Buckets.BucketOf(attempt.Workflow.Place))?.Forgotten is { } forgotten
        && (forgotten.Find(attempt.Workflow) is not null || (state.Store.Find(attempt.Workflow) is null && attempt.Token < forgotten.Floor.Value));

    // A causally later success loses to the first: only that it happened is written. It still outranks FAILED and CANCELLED.
    private void CommitSuccess(NodeId executor, WorkflowCells cells, AttemptId attempt, AttemptOutcome outcome, TaskStatus? status)
    {
        var value = new ResultValue(attempt.Generation, attempt.Attempt, executor, attempt.Token, Blob.Of(outcome.Output));
        if (status is { State: TaskState.Succeeded })
        {
            NoteDuplicate(cells, attempt, value, status);
            return;
        }

        var stamp = state.Clock.Tick(state.Now);
        var result = state.WriteResult(attempt.Workflow, attempt.Task, stamp, value, outcome.Output);
        var detail = TaskStatusDetail.Empty with { Executor = executor, Result = result, StartedUnixMs = outcome.StartedUnixMs };
        state.WriteStatus(attempt.Workflow, attempt.Task, stamp, new TaskStatus(attempt.Generation, TaskState.Succeeded, attempt.Attempt, stamp, state.Self, detail));
    }

    // An end is repeated until an owner has it: the winner's own is no other run.
    private void NoteDuplicate(WorkflowCells cells, AttemptId attempt, ResultValue value, TaskStatus status)
    {
        if ((status.Attempt, status.Detail.Executor) == (attempt.Attempt, value.Executor)) return;
        var key = CellPayloads.AttemptEndKey(attempt.Task, attempt.Generation, attempt.Attempt, value.Executor);
        if (cells.Find(CellKind.Duplicate, key) is not null || HasResultOf(cells, attempt, value.Executor)) return;
        state.Write(new CellKey(cells.Id, CellKind.Duplicate, key), RunPayloads.Encode(new DuplicateValue(value.Token, value.Hash)));
    }

    private static bool HasResultOf(WorkflowCells cells, AttemptId attempt, NodeId executor) =>
        cells.ResultsOf(attempt.Task).Select(RunPayloads.Result).Any(result => (result.Generation, result.Attempt, result.Executor) == (attempt.Generation, attempt.Attempt, executor));

    private void CommitFailure(
        NodeId executor, WorkflowCells cells, TaskDefinition task, AttemptId attempt, AttemptOutcome outcome, TaskStatus? status)
    {
        if (status is not null && (status.State.IsTerminal() || status.Attempt > attempt.Attempt || cells.HasEnded(task.Index, attempt.Generation, attempt.Attempt))) return;
        var message = CellPayloads.Clip(outcome.ErrorMessage, TaskEnds.ErrorMessageBytesMax);
        var end = new AttemptEndValue(false, outcome.ErrorCode, message, outcome.Retryable);
        var key = CellPayloads.AttemptEndKey(task.Index, attempt.Generation, attempt.Attempt, executor);
        var stamp = state.Clock.Tick(state.Now);
        state.Store.Write(state.Self, stamp, new CellKey(attempt.Workflow, CellKind.AttemptEnd, key), CellPayloads.Encode(end));
        var failures = cells.EndsOf(task.Index, attempt.Generation).Count(static ended => !ended.End.Lost);
        var again = outcome.Retryable && failures < task.Retry.MaxAttempts && cells.Phase == WorkflowPhase.Active;
        var detail = TaskStatusDetail.Empty with
        {
            Executor = executor,
            ErrorCode = outcome.ErrorCode,
            ErrorMessage = message,
            Result = new Dot(attempt.Token, 0),
            Retryable = outcome.Retryable,
            StartedUnixMs = outcome.StartedUnixMs,
            RetryAtUnixMs = again ? state.Now.WallMs + (long)task.Retry.WaitAfter(failures, outcome.RetryAfterMs).TotalMilliseconds : 0,
        };
        var next = again ? TaskState.RetryWait : TaskState.Failed;
        state.WriteStatus(attempt.Workflow, task.Index, stamp, new TaskStatus(attempt.Generation, next, attempt.Attempt, stamp, state.Self, detail));
    }

    private void CommitStop(NodeId executor, WorkflowCells cells, AttemptId attempt, TaskStatus? status)
    {
        if (status is null || status.State.IsTerminal() || status.Attempt != attempt.Attempt) return;
        if (cells.Phase >= WorkflowPhase.Cancelling) ends.Cancel(cells, attempt.Task, status);
        else ends.Lose(attempt.Workflow, attempt.Task, status, executor, new AttemptEndValue(true, "STOPPED", "The executor stopped.", true));
    }
}
