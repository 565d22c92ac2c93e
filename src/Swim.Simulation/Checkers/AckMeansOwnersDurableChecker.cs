using Swim.Core.Replication;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// When an owner says that a submission is on two owners' disks, and when a client hears it, two machines have it: hold it, or are down with it on their
/// disks. Also where the owner takes all others for dead.
/// </summary>
internal sealed class AckMeansOwnersDurableChecker(Workload work) : IChecker, IObserver
{
    private string? _violation;

    /// <inheritdoc/>
    public string Name => "AckMeansOwnersDurable";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => _violation ?? (work.Acked.FirstOrDefault(static submission => submission.WasAckedEarly) is { } early
        ? $"{early.Id} was acked {early.Acked} while one node had it"
        : null);

    /// <inheritdoc/>
    public void OnSent(int from, int to, PeerMessage message)
    {
        if (_violation is null && message is ForwardAnswer { Reply: Submitted { Acked: >= AckLevel.K } submitted } && !work.HaveTwo(submitted.Id, from))
            _violation = $"n{from} told n{to} that {submitted.Id} was acked {submitted.Acked} while one node had it, at {work.Cluster.Elapsed}";
    }
}
