using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Which attempts were given results that no longer are the winners. Derived from the cells; equal results count as the same, whoever
/// gave them. An input whose task is open again is neither: what it will give is not known.
/// </summary>
internal static class StaleInputs
{
    /// <summary>The code of a task that <see cref="WinnerChangePolicy.Fail"/> ended.</summary>
    public const string Code = "WINNER_CHANGED";

    /// <summary>What a claim made now gives: the winners of the tasks that the arguments refer to.</summary>
    public static IReadOnlyList<TaskInput> Winners(WorkflowCells cells, TaskDefinition task) =>
    [
        .. task.Inputs.Select(cells.WinnerOf).OfType<Cell>().Select(static cell => new TaskInput((int)cell.Key.Subkey.A, cell.Dot, RunPayloads.Result(cell).Hash)),
    ];

    /// <summary>What the attempt was given that the task's status names; null when nothing was, or nothing is known of it.</summary>
    public static InputsValue? OfStatus(WorkflowCells cells, TaskDefinition task)
    {
        if (task.Inputs.Count == 0 || cells.StatusOf(task.Index) is not { } status || TokenOf(cells, task.Index, status) is not { } token) return null;
        var key = RunPayloads.InputsKey(task.Index, status.Generation, status.Attempt, token, status.Detail.Executor);
        return cells.Find(CellKind.Inputs, key) is { } cell ? RunPayloads.Inputs(cell) : null;
    }

    /// <summary>Of what the status's attempt was given, what no longer is the winner.</summary>
    public static IEnumerable<TaskInput> OfTask(WorkflowCells cells, RunState run, TaskDefinition task) =>
        OfStatus(cells, task)?.Inputs.Where(input => IsStale(cells, run, input)) ?? [];

    /// <summary>True when another result than that one stands now, or none.</summary>
    public static bool IsStale(WorkflowCells cells, RunState run, TaskInput input)
    {
        if (Planted.Is(Mutant.StaleInputsUnseen)) return false;
        if (input.Task >= run.Definition.Tasks.Count || !run[input.Task].IsTerminal()) return false;
        return cells.WinnerOf(input.Task) is not { } winner || (winner.Dot != input.Dot && RunPayloads.Result(winner).Hash != input.Hash);
    }

    private static ulong? TokenOf(WorkflowCells cells, int task, TaskStatus status) => status.State switch
    {
        TaskState.Claimed or TaskState.Running => ClaimBook.AttemptOf(cells.Id, task, status).Token,
        TaskState.Succeeded => cells.WinnerOf(task) is { } winner ? RunPayloads.Result(winner).Token : null,
        // FAILED keeps the token where RUNNING has it.
        TaskState.Failed => status.Detail.Result.Actor,
        _ => null,
    };
}
