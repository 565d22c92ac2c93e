using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>While all members can be reached, no client who asks about an acked run is told that there is none.</summary>
internal sealed class NeverNotFoundChecker(Workload work) : IChecker
{
    /// <inheritdoc/>
    public string Name => "NeverNotFound";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => work.NotFound;
}
