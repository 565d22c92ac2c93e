using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>Grants attempts: chooses who runs one, takes a slot credit, writes the claim and dispatches it.</summary>
internal sealed class ClaimGrants(ReplicaState state, CreditBook credits, ClaimBook claims, TaskEnds ends)
{
    /// <summary>Claims the attempt and dispatches it, or has the task wait for a slot; one whose arguments cannot be made fails.</summary>
    public void Claim(WorkflowCells cells, TaskDefinition task, int generation, int attemptNumber)
    {
        var hash = StableHash.Of(StableHash.Of(cells.Id.Place, cells.Id.Content), (ulong)task.Index, (ulong)attemptNumber >> 1);
        var executor = state.Placement.ExecutorFor(hash, task.Tool);
        if (executor == NodeId.None) return;
        var epoch = state.Placement.EpochOf(executor);
        var given = StaleInputs.Winners(cells, task);
        if (!TryResolve(cells, task, generation, attemptNumber, given, out var arguments)) return;
        var used = credits.TryUse(state.Now, executor, epoch);
        if (used == 0)
        {
            credits.Enqueue(executor, epoch, cells.Id, task.Index);
            return;
        }

        var stamp = state.Clock.Tick(state.Now);
        var status = new TaskStatus(generation, TaskState.Claimed, attemptNumber, stamp, state.Self, TaskStatusDetail.Empty with { Executor = executor, ExecutorEpoch = epoch });
        state.Outbox.Notify(new TaskClaimed(cells.Id, task.Id, attemptNumber, executor, cells.WaitOf(task, state.Now)));
        state.WriteStatus(cells.Id, task.Index, stamp, status);
        var attempt = ClaimBook.AttemptOf(cells.Id, task.Index, status);
        RecordInputs(attempt, executor, given);
        var claim = claims.Watch(attempt, status);
        claim.Dispatch = new Dispatch(attempt, state.Placement.Epoch, epoch, used, task.Tool, arguments!, task.Timeout) { TaskName = task.Id };
        state.Send(executor, claim.Dispatch);
    }

    // What an attempt was given, in the batch of its claim.
    private void RecordInputs(AttemptId attempt, NodeId executor, IReadOnlyList<TaskInput> given)
    {
        if (given.Count == 0) return;
        var key = RunPayloads.InputsKey(attempt.Task, attempt.Generation, attempt.Attempt, attempt.Token, executor);
        state.Write(new CellKey(attempt.Workflow, CellKind.Inputs, key), RunPayloads.Encode(new InputsValue(executor, given)));
    }

    private bool TryResolve(WorkflowCells cells, TaskDefinition task, int generation, int attemptNumber, IReadOnlyList<TaskInput> given, out byte[]? arguments)
    {
        if (ArgumentResolver.TryResolve(task.Arguments, RunValues.Of(cells), out var resolved, out var failure))
        {
            arguments = CanonicalJson.Write(resolved);
            return true;
        }

        arguments = null;
        RecordInputs(new AttemptId(cells.Id, task.Index, generation, attemptNumber, 0), NodeId.None, given);
        ends.Fail(cells.Id, task.Index, new TaskStatus(generation, TaskState.Pending, attemptNumber, default, NodeId.None, TaskStatusDetail.Empty), failure.Code, failure.Message);
        return false;
    }
}
