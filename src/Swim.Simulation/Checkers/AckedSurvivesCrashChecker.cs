using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>Every submission that was acked, at whatever level, is held by each of its home owners after the heal: nothing acked is lost.</summary>
internal sealed class AckedSurvivesCrashChecker(Workload work) : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "AckedSurvivesCrash";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        foreach (var submission in work.Acked)
        {
            foreach (var owner in _owners.Of(submission.Id))
            {
                if (Owners.Cells(owner, submission.Id)?.Submission is null) return $"n{owner.Index} does not hold {submission.Id}, which was acked {submission.Acked}";
            }
        }

        return null;
    }
}
