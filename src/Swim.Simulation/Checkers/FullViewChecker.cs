using Swim.Core.Membership;

namespace Swim.Simulation.Checkers;

/// <summary>Every node that runs is ready and holds every node that runs for Alive: joining ends, and the detector is accurate in the end.</summary>
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
            if (!observer.IsReady) return $"n{observer.Index} is not ready";
            foreach (var subject in cluster.UpNodes)
            {
                if (observer.Members!.StateOf(subject.Id) is var state && state != MemberState.Alive)
                    return $"n{observer.Index} holds n{subject.Index}, which runs, for {state?.ToString() ?? "unknown"}";
            }
        }

        return null;
    }
}
