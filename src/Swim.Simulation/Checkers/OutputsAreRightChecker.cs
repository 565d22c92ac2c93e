using System.Text;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>Whatever a client was ever shown agrees with the one right answer of the workflow, and so does what the owners hold in the end.</summary>
internal sealed class OutputsAreRightChecker(Workload work) : IChecker
{
    private Owners? _owners;
    private int _looked;
    private string? _wrongView;

    /// <inheritdoc/>
    public string Name => "OutputsAreRight";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        for (; _looked < work.Seen.Count && _wrongView is null; _looked++) _wrongView = Check(work.Seen[_looked].Of, work.Seen[_looked].View);
        if (_wrongView is not null) return _wrongView;
        _owners ??= new Owners(cluster);
        return work.Acked.Select(CheckHeld).FirstOrDefault(violation => violation is not null);
    }

    private static string? Check(Submission submission, WorkflowView view)
    {
        for (var task = 0; task < view.Tasks.Count; task++)
        {
            var shown = view.Tasks[task];
            if (shown.State.IsTerminal() && Contradiction(submission, task, shown.State, shown.Output) is { } wrong) return wrong + ", as a client was shown";
        }

        return null;
    }

    private string? CheckHeld(Submission submission)
    {
        var owner = _owners!.Of(submission.Id).First();
        if (Owners.State(owner, submission.Id) is not { } state) return null;
        var cells = Owners.Cells(owner, submission.Id)!;
        for (var task = 0; task < submission.Expected.Tasks.Count; task++)
        {
            if (Contradiction(submission, task, state[task], cells.ResultOf(task) ?? default) is { } wrong) return wrong + $" on n{owner.Index}{CodeOf(cells, task)}";
        }

        return null;
    }

    private static string CodeOf(Core.Replication.WorkflowCells cells, int task) =>
        cells.StatusOf(task) is { Detail.ErrorCode: { Length: > 0 } code } ? $" ({code})" : "";

    private static string? Contradiction(Submission submission, int task, TaskState state, ReadOnlyMemory<byte> output)
    {
        var expected = submission.Expected.Tasks[task];
        // Whoever is cancelled, or waits for somebody who is, has no other end to be held to.
        if ((submission.CancelAsked || submission.HasRival) && state is TaskState.Cancelled or TaskState.Skipped) return null;
        if (state != expected.State) return $"task {expected.Id} of {submission.Id} is {state} and must be {expected.State}";
        var text = Encoding.UTF8.GetString(output.Span);
        return state == TaskState.Succeeded && text != expected.Output ? $"task {expected.Id} of {submission.Id} gave {text} and must give {expected.Output}" : null;
    }
}
