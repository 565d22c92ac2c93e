using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>What a planner knows, besides the cells, of a claim that it looks after.</summary>
internal sealed class ClaimWatch(NodeId executor, ulong executorEpoch)
{
    public NodeId Executor => executor;
    public ulong ExecutorEpoch => executorEpoch;
    public Dispatch? Dispatch { get; set; }
    public long HeardTicks { get; set; }
    public long SentTicks { get; set; }
    public bool HandedBack { get; set; }
    public bool StopSent { get; set; }

    // The votes that renew its lease; null where the consistency is any.
    public MajorityBallot? Ballot { get; set; }

    // A heartbeat answers a dispatch. A stop that was lost it does not: what runs on has not heard of it.
    public long LastSignTicks => StopSent ? SentTicks : Math.Max(HeardTicks, SentTicks);
}
