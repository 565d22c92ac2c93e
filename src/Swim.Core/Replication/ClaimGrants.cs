using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>Grants attempts: chooses who runs one, takes a slot credit, writes the claim and dispatches it.</summary>
internal sealed class ClaimGrants(ReplicaState state, CreditBook credits, ClaimBook claims, MajorityClaims majority, TaskEnds ends)
{
    /// <summary>Claims the attempt and dispatches it, or has the task wait for a slot; one whose arguments cannot be made fails.</summary>
    public void Claim(WorkflowCells cells, TaskDefinition task, int generation, int attemptNumber)
    {
        if (cells.Definition!.Consistency == WorkflowConsistency.Majority)
        {
            ClaimWithMost(cells, task, generation, attemptNumber);
            return;
        }

        var executor = ExecutorFor(cells, task, attemptNumber);
        if (executor == NodeId.None) return;
        var epoch = state.Placement.EpochOf(executor);
        if (!credits.Has(state.Now, executor, epoch))
        {
            credits.Enqueue(executor, epoch, cells.Id, task.Index);
            return;
        }

        var given = StaleInputs.Winners(cells, task);
        if (!TryResolve(cells, task, generation, attemptNumber, given, out var arguments)) return;
        var used = credits.TryUse(state.Now, executor, epoch);
        Grant(cells, task, new Order(generation, attemptNumber, executor, epoch, state.Clock.Tick(state.Now), used, arguments!, given));
    }

    // First the votes, with a credit set aside; planned anew once they are there.
    private void ClaimWithMost(WorkflowCells cells, TaskDefinition task, int generation, int attemptNumber)
    {
        if (majority.TakeWon(cells.Id, task.Index, generation, attemptNumber) is { } won)
        {
            GrantWon(cells, task, won);
            return;
        }

        if (majority.IsUnderWay(cells.Id, task.Index, generation, attemptNumber) || !majority.CanBeWon(cells, task.Index, generation, attemptNumber)) return;
        var executor = ExecutorFor(cells, task, attemptNumber);
        if (executor == NodeId.None || !TryResolve(cells, task, generation, attemptNumber, StaleInputs.Winners(cells, task), out _)) return;
        var epoch = state.Placement.EpochOf(executor);
        if (credits.TryHold(state.Now, executor, epoch)) majority.Ask(cells, task.Index, generation, attemptNumber, executor, epoch);
        else credits.Enqueue(executor, epoch, cells.Id, task.Index);
    }

    private void GrantWon(WorkflowCells cells, TaskDefinition task, MajorityClaim won)
    {
        // What it is given is settled now, and not when the votes were asked for.
        var given = StaleInputs.Winners(cells, task);
        if (TryResolve(cells, task, won.Generation, won.Number, given, out var arguments))
            Grant(cells, task, new Order(won.Generation, won.Number, won.Executor, won.ExecutorEpoch, new HlcTimestamp(won.Attempt.Token), 0, arguments!, given));
        else
            credits.Unhold(won.Executor, won.ExecutorEpoch);
    }

    private NodeId ExecutorFor(WorkflowCells cells, TaskDefinition task, int attemptNumber)
    {
        var hash = StableHash.Of(StableHash.Of(cells.Id.Place, cells.Id.Content), (ulong)task.Index, (ulong)attemptNumber >> 1);
        return state.Placement.ExecutorFor(hash, task.Tool);
    }

    private void Grant(WorkflowCells cells, TaskDefinition task, Order order)
    {
        var detail = TaskStatusDetail.Empty with { Executor = order.Executor, ExecutorEpoch = order.Epoch };
        var status = new TaskStatus(order.Generation, TaskState.Claimed, order.Attempt, order.Stamp, state.Self, detail);
        state.Outbox.Notify(new TaskClaimed(cells.Id, task.Id, order.Attempt, order.Executor, cells.WaitOf(task, state.Now)));
        var dot = state.WriteStatus(cells.Id, task.Index, order.Stamp, status);
        var attempt = ClaimBook.AttemptOf(cells.Id, task.Index, status);
        RecordInputs(attempt, order.Executor, order.Given);
        var claim = claims.Watch(attempt, status);
        var dispatch = new Dispatch(attempt, state.Placement.Epoch, order.Epoch, order.CreditsUsed, task.Tool, order.Arguments, task.Timeout) { TaskName = task.Id };
        if (claim.Ballot is not null)
        {
            majority.Dispatch(order.Executor, dispatch with { LeaseUntilUnixMs = MajorityTiming.UntilMs(attempt.Token, state.Settings.Lease) }, dot.Seq);
            return;
        }

        claim.Dispatch = dispatch;
        state.Send(order.Executor, dispatch);
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

    // CreditsUsed is 0 where the credit is set aside until the dispatch leaves.
    private readonly record struct Order(
        int Generation, int Attempt, NodeId Executor, ulong Epoch, HlcTimestamp Stamp, long CreditsUsed, byte[] Arguments, IReadOnlyList<TaskInput> Given);
}
