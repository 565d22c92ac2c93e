using Swim.V1;

namespace Swim.Cli;

/// <summary>A short id that fits more than one workflow.</summary>
/// <param name="given">What was given.</param>
/// <param name="candidates">Workflows it fits, newest first.</param>
/// <param name="hasMore">True when there are more than these.</param>
public sealed class AmbiguousIdException(string given, IReadOnlyList<WorkflowSummary> candidates, bool hasMore)
    : Exception($"'{given}' fits more than one workflow: give more digits.")
{
    /// <summary>The stable word for this failure.</summary>
    public const string Code = "AMBIGUOUS_ID";

    /// <summary>Workflows it fits, newest first.</summary>
    public IReadOnlyList<WorkflowSummary> Candidates => candidates;

    /// <summary>True when there are more than <see cref="Candidates"/>.</summary>
    public bool HasMore => hasMore;
}
