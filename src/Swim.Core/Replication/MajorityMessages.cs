using Swim.Core.Primitives;
using Swim.Core.Scheduling;

namespace Swim.Core.Replication;

/// <summary>
/// A planner asks one voter for leases: on claims that it would like to make, or once more on those that run. Answered by
/// <see cref="MajorityVotes"/> with the same round.
/// </summary>
/// <param name="Round">A stamp of the planner, taken before the question leaves: the executor's time counts from it.</param>
/// <param name="Leases">At most <see cref="LeasesMax"/>.</param>
public sealed record MajorityAsk(ulong Round, IReadOnlyList<AskedLease> Leases) : PeerMessage
{
    /// <summary>Most leases in one message.</summary>
    public const int LeasesMax = 512;
}

/// <summary>One lease of a <see cref="MajorityAsk"/>.</summary>
/// <param name="Attempt">For which attempt; its token names the claim.</param>
/// <param name="Ended">Tokens of earlier claims on the task that no executor runs any more, or ever will: the planner knows for sure.</param>
/// <param name="Voters">Who votes on the workflow, ascending, as its definition says.</param>
/// <param name="Counting">Names those of them that the planner counts (<see cref="MajorityVoter.CountingOf"/>).</param>
public sealed record AskedLease(AttemptId Attempt, IReadOnlyList<ulong> Ended, IReadOnlyList<NodeId> Voters, ulong Counting)
{
    /// <summary>Most of <see cref="Ended"/>.</summary>
    public const int EndedMax = 8;
}

/// <summary>A voter's answers to a <see cref="MajorityAsk"/>.</summary>
public sealed record MajorityVotes(ulong Round, IReadOnlyList<LeaseVote> Votes) : PeerMessage;

/// <summary>What a voter says of one lease.</summary>
/// <param name="Attempt">Of which.</param>
/// <param name="Verdict">Granted, or why not.</param>
/// <param name="Holder">The token that has the lease instead; 0 unless <see cref="VoteVerdict.Held"/>.</param>
/// <param name="RemainingMs">How long the reason lasts from now, in milliseconds; 0 where that is not known.</param>
public readonly record struct LeaseVote(AttemptId Attempt, VoteVerdict Verdict, ulong Holder, long RemainingMs);

/// <summary>What a voter answers.</summary>
public enum VoteVerdict : byte
{
    /// <summary>For one lease from now nobody else gets it.</summary>
    Granted = 1,

    /// <summary>Another claim on the task has it.</summary>
    Held = 2,

    /// <summary>The voter started less than a lease ago, and the workflow is older: it may have voted on it before.</summary>
    Restarted = 3,

    /// <summary>The voter is none of those asked, or sees others who count.</summary>
    OtherVoters = 4,

    /// <summary>One of those who vote left, or came back, less than a lease ago.</summary>
    Settling = 5,

    /// <summary>The voter knows a later attempt, or an end, of the task.</summary>
    Outdated = 6,

    /// <summary>The voter has given as many leases as it can keep in mind.</summary>
    Full = 7,

    /// <summary>The question's stamp, from which the executor counts its lease, is further ahead of the voter's clock than clocks may differ.</summary>
    Ahead = 8,
}

/// <summary>The executor may go on with these attempts until then.</summary>
/// <param name="UntilUnixMs">By the executor's wall clock; the allowance for clocks that differ is taken off.</param>
/// <param name="Attempts">Which ones.</param>
public sealed record LeaseExtended(long UntilUnixMs, IReadOnlyList<AttemptId> Attempts) : PeerMessage
{
    /// <inheritdoc/>
    public override PeerLane Lane => PeerLane.Tasks;

    /// <inheritdoc/>
    public override bool IsForScheduler => true;
}
