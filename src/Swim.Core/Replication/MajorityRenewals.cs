using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Renews the leases of the claims that this planner looks after: one question to each voter for all of them, four times in a lease, and
/// one word to each executor for all that were won. Whoever cannot win most votes lets its executors stop by themselves.
/// </summary>
internal sealed class MajorityRenewals(ReplicaState state, ClaimBook claims, Func<AttemptId, bool> isUndurable)
{
    private long _due;

    /// <summary>Asks the voters, when it is time.</summary>
    public void Tend(Func<WorkflowId, bool> plans)
    {
        if (state.Now.Ticks < _due) return;
        _due = state.Now.After(state.Settings.Lease / 4);
        var leased = claims.Leased.Where(entry => IsRenewed(entry.Attempt, entry.Claim) && plans(entry.Attempt.Workflow)).ToList();
        if (leased.Count == 0) return;
        var round = state.Clock.Tick(state.Now).Value;
        var asks = new SortedDictionary<NodeId, List<AskedLease>>();
        foreach (var (_, claim) in leased)
        {
            claim.Ballot!.Begin(round, state.Placement, state.Now.Ticks);
            var lease = claim.Ballot.Ask(state.Placement, []);
            foreach (var voter in claim.Ballot.Counted.Where(voter => !state.Placement.IsDown(voter)))
            {
                if (!asks.TryGetValue(voter, out var list)) asks[voter] = list = [];
                list.Add(lease);
            }
        }

        foreach (var (voter, list) in asks)
        {
            foreach (var chunk in list.Chunk(MajorityAsk.LeasesMax)) state.Send(voter, new MajorityAsk(round, chunk));
        }
    }

    /// <summary>A voter's answers.</summary>
    public void OnVotes(NodeId from, MajorityVotes votes)
    {
        var won = new SortedDictionary<NodeId, List<AttemptId>>();
        foreach (var vote in votes.Votes)
        {
            if (claims.Find(vote.Attempt) is not { Ballot: { } ballot } claim || !ballot.Take(from, votes.Round, vote, state.Now.Ticks)) continue;
            if (!won.TryGetValue(claim.Executor, out var list)) won[claim.Executor] = list = [];
            list.Add(vote.Attempt);
        }

        foreach (var (executor, attempts) in won)
            state.Send(executor, new LeaseExtended(MajorityTiming.UntilMs(votes.Round, state.Settings.Lease), attempts));
    }

    // Not for an executor that gives no sign, or that is to stop: its lease would only keep the next attempt waiting.
    private bool IsRenewed(AttemptId attempt, ClaimWatch claim) =>
        !claim.StopSent && !claim.HandedBack && !isUndurable(attempt) && state.Now.Since(claim.HeardTicks) <= MajorityTiming.SilenceMax;
}
