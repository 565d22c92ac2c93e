using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>How long workflows and what is left of them are kept; the same on every node of a cluster. Design: ADR 12.</summary>
public sealed record ForgettingOptions
{
    /// <summary>Shortest <see cref="Grace"/>: 1 s, for tests.</summary>
    public static readonly TimeSpan GraceMin = TimeSpan.FromSeconds(1);

    /// <summary>Longest retention, of a workflow too: ten years.</summary>
    public static readonly TimeSpan RetentionMax = TimeSpan.FromDays(3_650);

    /// <summary>How long a workflow is kept after its end where it does not say so itself. Default 7 days; more than twice <see cref="Grace"/>.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>G: no floor is younger than that. Longer than any message is under way and any two clocks are apart. Default 24 h.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a stand-in may take to hand back what it holds while a home owner can be reached. Default 12 h; less than <see cref="Grace"/>.</summary>
    public TimeSpan HintTtl { get; init; } = TimeSpan.FromHours(12);

    /// <summary>All that is wrong, each with what to do.</summary>
    public IEnumerable<string> Validate()
    {
        if (Grace < GraceMin || Grace > RetentionMax) yield return $"--grace {DurationText.Of(Grace)} is out of range: give {DurationText.Of(GraceMin)} to {DurationText.Of(RetentionMax)}.";
        if (HintTtl <= TimeSpan.Zero || HintTtl >= Grace) yield return $"--hint-ttl {DurationText.Of(HintTtl)} must be more than zero and less than --grace {DurationText.Of(Grace)}: lower it.";
        if (Retention <= 2 * Grace || Retention > RetentionMax)
            yield return $"--retention {DurationText.Of(Retention)} must be more than twice --grace {DurationText.Of(Grace)} and at most {DurationText.Of(RetentionMax)}: correct one of them.";
    }
}
