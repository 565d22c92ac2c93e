using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>When all is well, any node asked about any acked run shows its end.</summary>
internal sealed class AnyNodeAnswersChecker(Workload work) : IChecker
{
    /// <inheritdoc/>
    public string Name => "AnyNodeAnswers";

    /// <inheritdoc/>
    public bool IsEventual => false;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster) => work.UnansweredReads;
}
