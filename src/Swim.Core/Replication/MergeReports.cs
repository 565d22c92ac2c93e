using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Makes the merge report of a workflow from its cells.</summary>
internal static class MergeReports
{
    /// <summary>The report; <see cref="MergeReport.IsEmpty"/> where nothing ran twice and nobody was given what lost.</summary>
    public static MergeReport Of(WorkflowCells cells, RunState run)
    {
        if (IsPlain(cells)) return new MergeReport([], [], null, 0, 0, 0);
        var tasks = RunsOf(cells, run.Definition).Select(entry => Merge(run.Definition.Tasks[entry.Key.Task].Id, entry.Key.Generation, entry.Value)).OfType<TaskMerge>().ToList();
        var consumers = cells.OfKind(CellKind.Inputs).Select(cell => Consumer(cells, run, cell)).OfType<FedConsumer>().ToList();
        var latestMs = tasks.SelectMany(static task => task.Runs).Select(static told => told.Stamp.PhysicalMs).DefaultIfEmpty().Max();
        return new MergeReport(tasks, consumers, null, latestMs, tasks.Count, consumers.Count).Cut(MergeReport.ShownMax);
    }

    // Without two results of a task, and a failure that somebody reported, nothing was run twice and nobody was given what lost.
    private static bool IsPlain(WorkflowCells cells)
    {
        if (cells.OfKind(CellKind.Duplicate).Any() || cells.OfKind(CellKind.AttemptEnd).Any(static cell => !CellPayloads.AttemptEnd(cell).Lost)) return false;
        var last = ulong.MaxValue;
        foreach (var cell in cells.OfKind(CellKind.Result))
        {
            if (cell.Key.Subkey.A == last) return false;
            last = cell.Key.Subkey.A;
        }

        return true;
    }

    /// <summary>The report with the workflow to which it lost its key: when it was cancelled for that, or, where it had ended, when it was submitted.</summary>
    public static MergeReport Yielded(MergeReport report, WorkflowCells cells, WorkflowId holder)
    {
        var yieldedMs = cells.Find(CellKind.Phase, default)?.Stamp.PhysicalMs ?? cells.Created.PhysicalMs;
        return report with { SupersededBy = holder, LatestUnixMs = Math.Max(report.LatestUnixMs, yieldedMs) };
    }

    private sealed record Run(ulong Token, TaskRun Told);

    // All that ended, by task and generation. One run that two owners committed is one run.
    private static SortedDictionary<(int Task, int Generation), List<Run>> RunsOf(WorkflowCells cells, WorkflowDefinition definition)
    {
        var runs = new SortedDictionary<(int, int), List<Run>>();
        foreach (var cell in cells.OfKind(CellKind.AttemptEnd)) Add(cell, EndOf(cell));
        foreach (var cell in cells.OfKind(CellKind.Result)) Add(cell, ResultOf(cell));
        foreach (var cell in cells.OfKind(CellKind.Duplicate)) Add(cell, DuplicateOf(cell));
        return runs;

        void Add(Cell cell, (int Generation, Run Run)? entry)
        {
            if (entry is not { } found || cell.Key.Subkey.A >= (ulong)definition.Tasks.Count) return;
            var place = ((int)cell.Key.Subkey.A, found.Generation);
            if (!runs.TryGetValue(place, out var of)) runs[place] = of = [];
            of.Add(found.Run);
        }
    }

    private static (int, Run)? EndOf(Cell cell)
    {
        var end = CellPayloads.AttemptEnd(cell);
        var (generation, attempt) = Attempt(cell);
        return end.Lost ? null : (generation, new Run(0, new TaskRun(attempt, new NodeId(cell.Key.Subkey.C), cell.Node, cell.Stamp, false, 0, end.ErrorCode)));
    }

    private static (int, Run)? ResultOf(Cell cell)
    {
        var result = RunPayloads.Result(cell);
        return (result.Generation, new Run(result.Token, new TaskRun(result.Attempt, result.Executor, cell.Node, cell.Stamp, true, result.Hash, "")));
    }

    private static (int, Run)? DuplicateOf(Cell cell)
    {
        var value = RunPayloads.Duplicate(cell);
        var (generation, attempt) = Attempt(cell);
        return (generation, new Run(value.Token, new TaskRun(attempt, new NodeId(cell.Key.Subkey.C), cell.Node, cell.Stamp, true, value.Hash, "")));
    }

    private static (int Generation, int Attempt) Attempt(Cell cell) => ((int)(cell.Key.Subkey.B >> 32), (int)(uint)cell.Key.Subkey.B);

    private static TaskMerge? Merge(string task, int generation, List<Run> all)
    {
        var runs = all.OrderBy(static run => run.Told.IsSuccess ? 0 : 1).ThenBy(static run => run.Told.Stamp).ThenBy(static run => run.Told.CommittedBy)
            .ThenBy(static run => run.Told.Attempt).ThenBy(static run => run.Told.Executor)
            .DistinctBy(static run => (run.Told.IsSuccess, run.Told.Attempt, run.Told.Executor, run.Token)).Select(static run => run.Told).ToList();
        var told = runs.Where(run => run.IsSuccess || IsContested(runs, run)).ToList();
        if (told.Count < 2) return null;
        var successes = told.Where(static run => run.IsSuccess).Select(static run => run.ResultHash).Distinct().Count();
        return new TaskMerge(task, generation, Why(told[0], told[1]), successes <= 1, [.. told.Take(MergeReport.NamedMax)]);
    }

    // Failures before the attempt that succeeded are what retries are for. One of the same attempt, or of a later one, was made elsewhere.
    private static bool IsContested(List<TaskRun> runs, TaskRun failure) =>
        runs.Exists(run => run != failure && (run.IsSuccess ? run.Attempt <= failure.Attempt : run.Attempt == failure.Attempt));

    private static WinReason Why(TaskRun winner, TaskRun other) => (winner, other) switch
    {
        _ when winner.IsSuccess != other.IsSuccess => WinReason.Rank,
        _ when winner.Stamp != other.Stamp => WinReason.Earlier,
        _ when winner.CommittedBy != other.CommittedBy => WinReason.Node,
        _ => WinReason.Attempt,
    };

    private static FedConsumer? Consumer(WorkflowCells cells, RunState run, Cell cell)
    {
        var tasks = run.Definition.Tasks;
        if (cell.Key.Subkey.A >= (ulong)tasks.Count) return null;
        var task = tasks[(int)cell.Key.Subkey.A];
        var value = RunPayloads.Inputs(cell);
        var stale = value.Inputs.Where(input => StaleInputs.IsStale(cells, run, input)).Select(input => tasks[input.Task].Id).Take(MergeReport.NamedMax).ToList();
        if (stale.Count == 0) return null;
        var (generation, attempt) = Attempt(cell);
        return new FedConsumer(task.Id, generation, attempt, value.Executor, stale, AnswerOf(cells, run, task, generation, value));
    }

    private static FlipAnswer AnswerOf(WorkflowCells cells, RunState run, TaskDefinition task, int generation, InputsValue value)
    {
        var status = cells.StatusOf(task.Index);
        if (status is not null && status.Generation > generation) return status.Detail.ErrorCode == StaleInputs.Code ? FlipAnswer.Failed : FlipAnswer.Rerun;
        if (StaleInputs.OfStatus(cells, task) is not { } current || !current.Inputs.SequenceEqual(value.Inputs) || current.Executor != value.Executor) return FlipAnswer.Discarded;
        return run.Definition.OnWinnerChange == WinnerChangePolicy.Accept || run.Phase != WorkflowPhase.Active ? FlipAnswer.Accepted : FlipAnswer.Open;
    }
}
