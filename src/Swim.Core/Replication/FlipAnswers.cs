using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Answers tasks that were given results which no longer are the winners, as their workflow asks: a new generation of the task, open or
/// FAILED. Two planners that answer the same write the same generation, of which one stands; terminal states within a generation stay.
/// </summary>
internal sealed class FlipAnswers(ReplicaState state, ClaimBook claims, MajorityClaims majority)
{
    private readonly SortedSet<WorkflowId> _undecided = [];

    /// <summary>Workflows to look at again: what an attempt was given differs from the winner, but not all of the other side has come yet.</summary>
    public IEnumerable<WorkflowId> Undecided => _undecided;

    /// <summary>True when there is something to answer: also a workflow that had ended is then to be planned.</summary>
    public static bool IsDue(WorkflowCells cells) =>
        cells.Run is { Phase: WorkflowPhase.Active } run && run.Definition.OnWinnerChange != WinnerChangePolicy.Accept
        && run.Definition.Tasks.Any(task => task.Inputs.Count > 0 && StaleInputs.OfTask(cells, run, task).Any());

    /// <summary>Answers all that can be answered now; who was given the results of tasks that run again is answered when those ended.</summary>
    public void Answer(WorkflowCells cells)
    {
        if (_undecided.Count > 0) _undecided.Remove(cells.Id);
        if (cells.Run is not { Phase: WorkflowPhase.Active } run || run.Definition.OnWinnerChange == WinnerChangePolicy.Accept) return;
        foreach (var index in run.Definition.TopologicalOrder)
        {
            var task = run.Definition.Tasks[index];
            if (task.Inputs.Count > 0) Answer(cells, task);
        }
    }

    private void Answer(WorkflowCells cells, TaskDefinition task)
    {
        // Derived anew after each answer: what is open again has no result to compare with.
        var run = cells.Run!;
        if (!StaleInputs.OfTask(cells, run, task).Any()) return;
        if (!StaleInputs.OfTask(cells, run, task).Any(input => IsKnown(cells, input)))
        {
            _undecided.Add(cells.Id);
            return;
        }

        var fails = run.Definition.OnWinnerChange == WinnerChangePolicy.Fail || task.AtMostOnce;
        var status = cells.StatusOf(task.Index)!;
        if (fails && status.State == TaskState.Failed) return;
        Stop(cells, task, status);
        var stamp = state.Clock.Tick(state.Now);
        var generation = status.Generation + (Planted.Is(Mutant.RerunSameGeneration) ? 0 : 1);
        var next = fails
            ? new TaskStatus(generation, TaskState.Failed, status.Attempt, stamp, state.Self, TaskStatusDetail.Empty with { Executor = status.Detail.Executor, ErrorCode = StaleInputs.Code, ErrorMessage = Message(cells, run, task) })
            : new TaskStatus(generation, TaskState.Pending, 0, stamp, state.Self, TaskStatusDetail.Empty);
        state.WriteStatus(cells.Id, task.Index, stamp, next);
    }

    // Cells of the other side may be on their way: what is not seen yet, result and status that names it, may still be the winner.
    private bool IsKnown(WorkflowCells cells, TaskInput input) =>
        state.Store.Find(cells.Bucket) is { } bucket && bucket.Context.Contains(input.Dot) && bucket.Context.Contains(new Dot(input.Dot.Actor, input.Dot.Seq + 1));

    private void Stop(WorkflowCells cells, TaskDefinition task, TaskStatus status)
    {
        if (status.State is TaskState.Claimed or TaskState.Running) state.Send(status.Detail.Executor, new StopAttempt(ClaimBook.AttemptOf(cells.Id, task.Index, status)));
        claims.Forget(cells.Id, task.Index);
        if (cells.Definition!.Consistency == WorkflowConsistency.Majority) majority.Forget(cells.Id, task.Index);
    }

    private static string Message(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var names = string.Join(", ", StaleInputs.OfTask(cells, run, task).Select(input => $"'{run.Definition.Tasks[input.Task].Id}'"));
        return CellPayloads.Clip($"It was given a result of {names} that another one displaced when parts of the cluster merged.", TaskEnds.ErrorMessageBytesMax);
    }
}
