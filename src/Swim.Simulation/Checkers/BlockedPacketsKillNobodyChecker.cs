using Swim.Core.Membership;

namespace Swim.Simulation.Checkers;

/// <summary>No node that runs is ever held for suspect or dead where only packets are blocked: calls get through.</summary>
internal sealed class BlockedPacketsKillNobodyChecker : IChecker, IWatcher
{
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "BlockedPacketsKillNobody";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation;

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        foreach (var observer in cluster.UpNodes)
        {
            foreach (var subject in cluster.UpNodes)
            {
                if (observer.Members!.StateOf(subject.Id) is MemberState.Suspect or MemberState.Dead)
                    _violation ??= $"n{observer.Index} holds n{subject.Index}, which runs, for {observer.Members.StateOf(subject.Id)}";
            }
        }
    }
}
