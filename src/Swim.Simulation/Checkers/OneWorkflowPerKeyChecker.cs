using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// After the heal every idempotency key has one workflow: of those that were acked under it at most one is not superseded, all owners name
/// the same one, and only who lost the key was cancelled for it.
/// </summary>
internal sealed class OneWorkflowPerKeyChecker(Workload work) : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "OneWorkflowPerKeyAfterMerge";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        return work.Acked.Where(static submission => submission.HasRival).GroupBy(static submission => submission.Key).Select(FindIn)
            .FirstOrDefault(static violation => violation is not null);
    }

    private string? FindIn(IGrouping<string, Submission> rivals)
    {
        var ids = rivals.Select(static submission => submission.Id).Distinct().ToList();
        WorkflowId? agreed = null;
        foreach (var owner in _owners!.Of(ids[0]))
        {
            foreach (var id in ids)
            {
                if (Owners.Cells(owner, id) is not { Run: { } run } cells) return $"n{owner.Index} does not hold {id}";
                var holder = cells.SupersededBy ?? id;
                agreed ??= holder;
                if (holder != agreed) return $"{rivals.Key} belongs to {agreed} or to {holder}, as n{owner.Index} has it";
                var isOpen = id != holder && !run.Outcome.IsTerminal();
                if (isOpen) return $"{id} has lost {rivals.Key} and still runs on n{owner.Index}";
                if (id == holder && run.Outcome == WorkflowState.Cancelled && !rivals.Any(its => its.Id == id && its.CancelAsked))
                    return $"{id} has {rivals.Key} and was cancelled on n{owner.Index}";
            }
        }

        return null;
    }
}
