using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// When a client hears that its submission is on two owners' disks, two nodes have it: hold it, or are down with it on their disks. A node
/// that is alone as far as it knows may say so with its own disk.
/// </summary>
internal sealed class AckMeansOwnersDurableChecker(Workload work) : IChecker
{
    /// <inheritdoc/>
    public string Name => "AckMeansOwnersDurable";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => work.Acked.FirstOrDefault(static submission => submission.WasAckedEarly) is { } early
        ? $"{early.Id} was acked {early.Acked} while one node had it"
        : null;
}
