using Swim.Core.Workflows;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>After the heal each task has one visible end, the same on every home owner, with the result there where it succeeded: also where both sides of a split ran it.</summary>
internal sealed class OneVisibleResultChecker(Workload work) : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "ExactlyOneVisibleResult";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        return work.Acked.Select(Compare).FirstOrDefault(violation => violation is not null);
    }

    private string? Compare(Submission submission)
    {
        SimNode? first = null;
        List<string>? expected = null;
        foreach (var owner in _owners!.Of(submission.Id))
        {
            var ends = EndsOn(owner, submission);
            if (ends is null) return $"n{owner.Index} does not hold {submission.Id}";
            first ??= owner;
            expected ??= ends;
            for (var task = 0; task < ends.Count; task++)
            {
                if (ends[task] is "SUCCEEDED without a result") return $"task {task} of {submission.Id} on n{owner.Index}: {ends[task]}";
                if (ends[task] != expected[task]) return $"task {task} of {submission.Id} is '{expected[task]}' on n{first.Index} and '{ends[task]}' on n{owner.Index}";
            }
        }

        return null;
    }

    private static List<string>? EndsOn(SimNode owner, Submission submission)
    {
        if (Owners.State(owner, submission.Id) is not { } state) return null;
        var cells = Owners.Cells(owner, submission.Id)!;
        return [.. state.Definition.Tasks.Select(task => state[task.Index] switch
        {
            TaskState.Succeeded when cells.ResultOf(task.Index) is { } result => System.Text.Encoding.UTF8.GetString(result.Span),
            TaskState.Succeeded => "SUCCEEDED without a result",
            var end => end.ToString(),
        })];
    }
}
