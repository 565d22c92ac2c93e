using Swim.Core.Workflows;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>After the heal every acked submission ends, on each of its home owners that runs, and every client has its answer: nothing waits for ever.</summary>
internal sealed class EventuallyTerminalChecker(Workload work) : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "AckedSubmissionEventuallyTerminal";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        if (!work.IsSettled) return "a client still waits for its answer";
        _owners ??= new Owners(cluster);
        foreach (var submission in work.Acked)
        {
            foreach (var owner in _owners.Of(submission.Id).Where(static owner => owner.IsUp))
            {
                if (Owners.State(owner, submission.Id)?.Outcome is var state && state?.IsTerminal() != true)
                    return $"{submission.Id} is {state?.ToString() ?? "unknown"} on n{owner.Index}";
            }
        }

        return null;
    }
}
