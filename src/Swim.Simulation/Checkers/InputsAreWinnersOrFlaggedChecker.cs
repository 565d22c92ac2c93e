using System.Text;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Simulation.Workloads;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Simulation.Checkers;

/// <summary>
/// After the heal whoever was given a result that does not stand is flagged, under <c>on_winner_change: accept</c>, and elsewhere no such end is left; who was
/// given what stands is not flagged. What attempts were given is looked at where they begin, not in the records of the nodes.
/// </summary>
internal sealed class InputsAreWinnersOrFlaggedChecker(Workload work) : IChecker, IObserver
{
    private readonly SortedDictionary<AttemptId, string> _given = [];
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "InputsAreWinnersOrFlagged";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public void OnTaskStarted(int node, StartTask task) => _given[task.Attempt] = Encoding.UTF8.GetString(task.Arguments.Span);

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        foreach (var submission in work.Acked)
        {
            foreach (var owner in _owners.Of(submission.Id))
            {
                if (Owners.Cells(owner, submission.Id) is not { Run: { } run } cells || owner.Replica!.Peek(submission.Id) is not { } view) continue;
                if (run.Definition.Tasks.Select(task => Check(cells, run, task, view)).FirstOrDefault(static wrong => wrong is not null) is { } wrong) return $"{wrong} of {submission.Id} on n{owner.Index}";
            }
        }

        return null;
    }

    private string? Check(WorkflowCells cells, RunState run, TaskDefinition task, WorkflowView view)
    {
        if (task.Inputs.Count == 0 || cells.StatusOf(task.Index) is not { } status || AttemptOf(cells, task.Index, status) is not { } attempt) return null;
        if (!_given.TryGetValue(attempt, out var given)) return null;
        var isStale = given != WouldBeGiven(cells, task);
        var isFlagged = view.Tasks[task.Index].StaleInputs.Count > 0;
        if (isStale != isFlagged) return $"{task.Id}, which was given {given}, is {(isFlagged ? "" : "not ")}flagged, and now would be given {WouldBeGiven(cells, task)}: it";
        if (!isStale) return null;
        if (run.Phase == WorkflowPhase.Active && run.Definition.OnWinnerChange == WinnerChangePolicy.Rerun && !task.AtMostOnce) return $"{task.Id} is {status.State} with what does not stand, and was to run again: it";
        if (run.Phase == WorkflowPhase.Active && run.Definition.OnWinnerChange != WinnerChangePolicy.Accept && status.State == TaskState.Succeeded) return $"{task.Id} SUCCEEDED with what does not stand, and was to fail: it";
        return view.Merges is { } merges && (merges.ConsumerCount > merges.Consumers.Count || merges.Consumers.Any(fed => fed.Task == task.Id && fed.Generation == status.Generation && fed.Attempt == status.Attempt)) ? null : $"{task.Id} is not told of in the merge report: it";
    }

    private static string? WouldBeGiven(WorkflowCells cells, TaskDefinition task) =>
        ArgumentResolver.TryResolve(task.Arguments, RunValues.Of(cells), out var arguments, out _) ? Encoding.UTF8.GetString(CanonicalJson.Write(arguments)) : null;

    // Of an end that an attempt made.
    private static AttemptId? AttemptOf(WorkflowCells cells, int task, TaskStatus status)
    {
        var token = status.State switch
        {
            TaskState.Succeeded => cells.WinnerOf(task) is { } winner ? RunPayloads.Result(winner).Token : 0,
            TaskState.Failed when status.Detail.ErrorCode != StaleInputs.Code => status.Detail.Result.Actor,
            _ => 0UL,
        };
        return token == 0 ? null : new AttemptId(cells.Id, task, status.Generation, status.Attempt, token);
    }
}
