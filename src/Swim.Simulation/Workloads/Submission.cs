using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;

namespace Swim.Simulation.Workloads;

/// <summary>One client's wish to run a workflow, and what became of it. Two with one key and document share an id.</summary>
public sealed class Submission
{
    /// <summary>The run's id.</summary>
    public required WorkflowId Id { get; init; }

    /// <summary>The idempotency key; empty when there is none.</summary>
    public required string Key { get; init; }

    /// <summary>What is run and how it must end.</summary>
    public required ExpectedRun Expected { get; init; }

    /// <summary>What its client's choices come from.</summary>
    public required Prng Prng { get; init; }

    /// <summary>When it is first sent.</summary>
    public TimeSpan At { get; internal set; }

    /// <summary>How often it was sent.</summary>
    public int Tries { get; internal set; }

    /// <summary>The level it was acked at; null while it was not.</summary>
    public AckLevel? Acked { get; internal set; }

    /// <summary>True once the answer said that the id was known before.</summary>
    public bool WasKnown { get; internal set; }

    /// <summary>The refusal that ended it, or null.</summary>
    public Refused? Refusal { get; internal set; }

    /// <summary>Virtual ticks of the ack.</summary>
    public long AckedTicks { get; internal set; }

    /// <summary>True when fewer nodes had it than its ack said.</summary>
    public bool WasAckedEarly { get; internal set; }

    /// <summary>How often its end was asked for.</summary>
    public int CancelTries { get; internal set; }

    /// <summary>True once the wish for its end was stored.</summary>
    public bool IsCancelAccepted { get; internal set; }

    /// <summary>True when somebody asked for its end.</summary>
    public bool CancelAsked { get; internal set; }

    /// <summary>True when somebody submitted another document under the same key: one of the two may be cancelled for it.</summary>
    public bool HasRival { get; internal set; }

    /// <summary>True when nothing more is tried.</summary>
    public bool IsSettled => Acked is not null || Refusal is not null || IsGivenUp;

    /// <summary>True when the client stopped trying without knowing.</summary>
    public bool IsGivenUp { get; internal set; }
}
