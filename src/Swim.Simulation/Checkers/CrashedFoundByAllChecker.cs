using Swim.Core.Membership;

namespace Swim.Simulation.Checkers;

/// <summary>Every node that is down is Dead to every node that runs: strong completeness. Measures how long it took.</summary>
public sealed class CrashedFoundByAllChecker : IChecker
{
    /// <inheritdoc/>
    public string Name => "CrashedFoundByAll";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        foreach (var subject in cluster.Nodes.Where(node => !node.IsUp))
        {
            foreach (var observer in cluster.UpNodes)
            {
                if (observer.Members!.StateOf(subject.Id) is var state && state != MemberState.Dead)
                    return $"n{observer.Index} holds n{subject.Index}, which is down, for {state?.ToString() ?? "unknown"}";
            }
        }

        return null;
    }
}
