using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>Puts into words what a claim that needs most home owners waits for.</summary>
internal static class MajorityWords
{
    /// <summary>Who is in reach, who agreed, who refused and for how long.</summary>
    public static string Of(ReplicaState state, WorkflowCells cells, MajorityClaim claim)
    {
        var voters = cells.Submission!.Voters;
        var counted = MajorityBallot.CountedOf(voters, state.Placement);
        var left = counted.Length < voters.Count ? $" {voters.Count - counted.Length} of the {voters.Count} that owned it at first have left." : "";
        if (counted.Length == 0) return "All its voters have left the cluster: it cannot go on. Cancel it and submit it again.";
        var needed = MajorityBallot.NeededOf(counted.Length);
        var up = counted.Where(voter => !state.Placement.IsDown(voter)).ToList();
        if (up.Count < needed)
        {
            return $"This side sees {up.Count} of {counted.Length} voters ({Names(state, up)}) and needs {needed}: it waits until it reaches more of them. "
                + $"Not reached: {Names(state, counted.Where(voter => !up.Contains(voter)))}.{left}";
        }

        return $"It needs the votes of {needed} of {counted.Length}: {(claim.Ballot is { } ballot ? Votes(state, ballot) : "they are asked next")}.{left}";
    }

    private static string Votes(ReplicaState state, MajorityBallot ballot) => string.Join("; ", ballot.Counted.Select(voter =>
        state.Placement.NameOf(voter) + " " + (ballot.Granted.Contains(voter) ? "agreed"
            : ballot.Refused.TryGetValue(voter, out var refusal) ? Refusal(refusal.Vote, state.Now.Since(refusal.Ticks))
            : state.Placement.IsDown(voter) ? "is not reached" : "has not answered")));

    private static string Refusal(LeaseVote vote, TimeSpan ago)
    {
        var left = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, vote.RemainingMs - ago.TotalMilliseconds) / 1000:0.0} s");
        return vote.Verdict switch
        {
            VoteVerdict.Held => $"holds an earlier attempt for running, for {left} more unless it is renewed",
            VoteVerdict.Restarted => $"started a short time ago and votes on older workflows in {left}",
            VoteVerdict.Settling => $"waits {left} since a voter left or came back",
            VoteVerdict.OtherVoters => "sees other voters",
            VoteVerdict.Outdated => "knows of a later attempt, which has yet to arrive here",
            VoteVerdict.Ahead => "finds the clock of this node ahead of its own",
            _ => "has no room for more leases",
        };
    }

    private static string Names(ReplicaState state, IEnumerable<NodeId> nodes) =>
        nodes.Select(state.Placement.NameOf).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "none";
}
