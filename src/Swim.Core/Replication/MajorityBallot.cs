using Swim.Core.Primitives;
using Swim.Core.Scheduling;

namespace Swim.Core.Replication;

/// <summary>The votes on one attempt, round by round: of most of those that count one round has to be won.</summary>
internal sealed class MajorityBallot(AttemptId attempt, IReadOnlyList<NodeId> voters, Placement placement)
{
    private readonly SortedSet<NodeId> _granted = [];
    private readonly SortedDictionary<NodeId, (LeaseVote Vote, long Ticks)> _refused = [];

    /// <summary>What is voted on.</summary>
    public AttemptId Attempt => attempt;

    /// <summary>Those that count: all voters but those that have left.</summary>
    public IReadOnlyList<NodeId> Counted { get; private set; } = CountedOf(voters, placement);

    /// <summary>The stamp of the round under way, which the answers name.</summary>
    public ulong Round { get; private set; }

    /// <summary>When it began.</summary>
    public long AskedTicks { get; private set; }

    /// <summary>Who said yes in this round.</summary>
    public IReadOnlyCollection<NodeId> Granted => _granted;

    /// <summary>Who said no in this round, why and when.</summary>
    public IReadOnlyDictionary<NodeId, (LeaseVote Vote, long Ticks)> Refused => _refused;

    /// <summary>How many are most of those that count.</summary>
    public int Needed => NeededOf(Counted.Count);

    /// <summary>True when this round is won.</summary>
    public bool IsWon => Counted.Count > 0 && _granted.Count >= Needed;

    /// <summary>True when it cannot be won any more.</summary>
    public bool IsHopeless => Counted.Count - _refused.Count < Needed;

    /// <summary>Most of so many.</summary>
    public static int NeededOf(int counted) => (counted / 2) + 1;

    /// <summary>The voters that have not left.</summary>
    public static NodeId[] CountedOf(IReadOnlyList<NodeId> voters, Placement placement) => [.. voters.Where(voter => !placement.HasLeft(voter))];

    /// <summary>Begins a round: what was said before counts no more.</summary>
    public void Begin(ulong round, Placement placement, long ticks)
    {
        (Round, AskedTicks) = (round, ticks);
        Counted = Planted.Is(Mutant.StandInVotes) ? placement.ActingOwners(Ring.Buckets.BucketOf(attempt.Workflow.Place)) : CountedOf(voters, placement);
        _granted.Clear();
        _refused.Clear();
    }

    /// <summary>The lease to ask each of <see cref="Counted"/> for.</summary>
    public AskedLease Ask(Placement placement, IReadOnlyList<ulong> ended) => new(attempt, ended, voters, MajorityVoter.CountingOf(placement, voters));

    /// <summary>Takes in an answer; true when it is what wins the round.</summary>
    public bool Take(NodeId from, ulong round, LeaseVote vote, long ticks)
    {
        if (round != Round || !Counted.Contains(from)) return false;
        var wasWon = IsWon;
        if (vote.Verdict == VoteVerdict.Granted) _granted.Add(from);
        else _refused[from] = (vote, ticks);
        return IsWon && !wasWon;
    }
}
