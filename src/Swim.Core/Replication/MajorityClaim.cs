using Swim.Core.Primitives;
using Swim.Core.Scheduling;

namespace Swim.Core.Replication;

/// <summary>How far a planner is with a claim that needs most home owners.</summary>
internal enum MajorityPhase
{
    /// <summary>To be asked for again later.</summary>
    Waiting,

    /// <summary>The voters were asked.</summary>
    Asking,

    /// <summary>Most said yes: to be written and dispatched at once.</summary>
    Won,
}

/// <summary>A task that a planner would like to claim with most home owners; a credit of the executor is held while it asks.</summary>
internal sealed class MajorityClaim(int generation, int number, long sinceUnixMs)
{
    public int Generation => generation;
    public int Number => number;

    // When it was first wanted.
    public long SinceUnixMs => sinceUnixMs;

    public MajorityPhase Phase { get; set; }
    public MajorityBallot? Ballot { get; set; }
    public NodeId Executor { get; set; }
    public ulong ExecutorEpoch { get; set; }
    public long RetryTicks { get; set; }

    public AttemptId Attempt => Ballot!.Attempt;
}
