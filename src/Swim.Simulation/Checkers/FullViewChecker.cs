using Swim.Core.Membership;

namespace Swim.Simulation.Checkers;

/// <summary>Every node that runs holds every node that runs for Alive: completeness of joining, and eventual accuracy of the detector.</summary>
public sealed class FullViewChecker : IChecker
{
    /// <inheritdoc/>
    public string Name => "FullView";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        foreach (var observer in cluster.UpNodes)
        {
            foreach (var subject in cluster.UpNodes)
            {
                if (observer.Members!.StateOf(subject.Id) is var state && state != MemberState.Alive)
                    return $"n{observer.Index} holds n{subject.Index}, which runs, for {state?.ToString() ?? "unknown"}";
            }
        }

        return null;
    }
}
