using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// The planner's side of claims that need most home owners. Two steps: most voters grant a lease on a token (<see cref="MajorityVoter"/>),
/// so nobody else can; then the claim is written and most home owners have it on disk, so whoever plans next knows of it. Only then is it
/// dispatched. While votes are wanting nothing is written: the task stays ready.
/// </summary>
internal sealed class MajorityClaims(ReplicaState state, ReplicationAcks acks, CreditBook credits, ClaimBook claims)
{
    /// <summary>Claims under way or to be asked for again; of more only the workflow is remembered.</summary>
    public const int ClaimsMax = 20_000;

    private readonly SortedDictionary<(WorkflowId Workflow, int Task), MajorityClaim> _claims = [];
    private readonly SortedDictionary<(WorkflowId Workflow, int Task), List<ulong>> _ended = [];
    private readonly SortedDictionary<AttemptId, (ulong Seq, NodeId Executor, Dispatch Dispatch)> _undurable = [];
    private readonly SortedSet<WorkflowId> _crowded = [];

    /// <summary>The claim that the task waits for; null where it waits for none.</summary>
    public MajorityClaim? Find(WorkflowId workflow, int task) => _claims.GetValueOrDefault((workflow, task));

    /// <summary>True while the claim waits for the disks of most home owners.</summary>
    public bool IsUndurable(AttemptId attempt) => _undurable.ContainsKey(attempt);

    /// <summary>True when nothing can be done for the claim now: its voters are asked, or it is not yet time to ask again.</summary>
    public bool IsUnderWay(WorkflowId workflow, int task, int generation, int number)
    {
        if (!_claims.TryGetValue((workflow, task), out var claim)) return false;
        if (claim.Generation == generation && claim.Number == number)
            return claim.Phase == MajorityPhase.Asking || (claim.Phase == MajorityPhase.Waiting && state.Now.Ticks < claim.RetryTicks);
        Remove((workflow, task), claim);
        return false;
    }

    /// <summary>The claim if its votes are won and it can be dispatched in time; it is taken out.</summary>
    public MajorityClaim? TakeWon(WorkflowId workflow, int task, int generation, int number)
    {
        if (!_claims.TryGetValue((workflow, task), out var claim) || claim.Phase != MajorityPhase.Won) return null;
        if (claim.Generation == generation && claim.Number == number && state.Placement.CanRun(claim.Executor) && state.Placement.EpochOf(claim.Executor) == claim.ExecutorEpoch)
        {
            _claims.Remove((workflow, task));
            return claim;
        }

        Fail((workflow, task), claim, TimeSpan.Zero);
        return null;
    }

    /// <summary>True when enough voters are believed to be up; if not, the claim waits.</summary>
    public bool CanBeWon(WorkflowCells cells, int task, int generation, int number)
    {
        var counted = MajorityBallot.CountedOf(cells.Submission!.Voters, state.Placement);
        if (counted.Length > 0 && counted.Count(voter => !state.Placement.IsDown(voter)) >= MajorityBallot.NeededOf(counted.Length)) return true;
        if (Planted.Is(Mutant.StandInVotes)) return true;
        var claim = Open((cells.Id, task), generation, number);
        (claim.Phase, claim.Ballot, claim.RetryTicks) = (MajorityPhase.Waiting, null, state.Now.After(MajorityTiming.RetryMax));
        return false;
    }

    /// <summary>Asks the voters for a lease; a credit of the executor is held for it.</summary>
    public void Ask(WorkflowCells cells, int task, int generation, int number, NodeId executor, ulong epoch)
    {
        var claim = Open((cells.Id, task), generation, number);
        var token = state.Clock.Tick(state.Now).Value;
        var ballot = new MajorityBallot(new AttemptId(cells.Id, task, generation, number, token), cells.Submission!.Voters, state.Placement);
        ballot.Begin(token, state.Placement, state.Now.Ticks);
        (claim.Phase, claim.Ballot, claim.Executor, claim.ExecutorEpoch) = (MajorityPhase.Asking, ballot, executor, epoch);
        var lease = ballot.Ask(state.Placement, _ended.GetValueOrDefault((cells.Id, task)) ?? []);
        foreach (var voter in ballot.Counted) state.Send(voter, new MajorityAsk(token, [lease]));
    }

    /// <summary>A voter's answer on a claim; gives the workflow to plan anew where it decides.</summary>
    public WorkflowId? OnVote(NodeId from, ulong round, LeaseVote vote)
    {
        var key = (vote.Attempt.Workflow, vote.Attempt.Task);
        if (!_claims.TryGetValue(key, out var claim) || claim.Phase != MajorityPhase.Asking || claim.Attempt != vote.Attempt) return null;
        var isWon = claim.Ballot!.Take(from, round, vote, state.Now.Ticks);
        if (isWon) claim.Phase = MajorityPhase.Won;
        else if (claim.Ballot.IsHopeless) Fail(key, claim, WaitAfter(claim.Ballot));
        if (!isWon) return null;
        state.Store.Find(vote.Attempt.Workflow)?.Run?.Touch(vote.Attempt.Task);
        return vote.Attempt.Workflow;
    }

    /// <summary>The claim is written; it is dispatched, with the credit that was set aside, once most home owners have that write on disk.</summary>
    public void Dispatch(NodeId executor, Dispatch dispatch, ulong seq)
    {
        _ended.Remove((dispatch.Attempt.Workflow, dispatch.Attempt.Task));
        _undurable[dispatch.Attempt] = (seq, executor, dispatch);
        SendDurable(dispatch.Attempt);
    }

    /// <summary>An owner has more of this node's writes of the bucket on disk.</summary>
    public void OnAcked(int bucket)
    {
        if (_undurable.Count == 0) return;
        foreach (var attempt in _undurable.Keys.Where(attempt => Buckets.BucketOf(attempt.Workflow.Place) == bucket).ToList()) SendDurable(attempt);
    }

    /// <summary>That claim ended by its executor's own word, or was never begun and never will be: it stands in nobody's way.</summary>
    public void NoteEnded(AttemptId attempt)
    {
        Drop(attempt);
        var key = (attempt.Workflow, attempt.Task);
        if (!_ended.TryGetValue(key, out var tokens))
        {
            // What is forgotten costs a wait until its lease has run out.
            while (_ended.Count >= ClaimsMax) _ended.Remove(_ended.First().Key);
            _ended[key] = tokens = [];
        }

        if (tokens.Contains(attempt.Token)) return;
        if (tokens.Count == AskedLease.EndedMax) tokens.RemoveAt(0);
        tokens.Add(attempt.Token);
    }

    /// <summary>The task needs no claim any more.</summary>
    public void Forget(WorkflowId workflow, int task)
    {
        if (_claims.TryGetValue((workflow, task), out var claim)) Remove((workflow, task), claim);
        _ended.Remove((workflow, task));
    }

    /// <summary>Time has passed: gives up asking where no answer comes. Gives the workflows to plan anew.</summary>
    public SortedSet<WorkflowId> Tend(Func<WorkflowId, bool> plans)
    {
        var touched = new SortedSet<WorkflowId>(_crowded);
        foreach (var workflow in _crowded) state.Store.Find(workflow)?.Run?.TouchAll();
        _crowded.Clear();
        foreach (var (key, claim) in _claims.ToList())
        {
            if (!plans(key.Workflow)) Remove(key, claim);
            else if (claim.Phase == MajorityPhase.Waiting && state.Now.Ticks >= claim.RetryTicks) Retry(key, touched);
            else if (claim.Phase != MajorityPhase.Waiting && state.Now.Since(claim.Ballot!.AskedTicks) >= MajorityTiming.AskTimeout) Fail(key, claim, WaitAfter(claim.Ballot));
        }

        foreach (var attempt in _undurable.Keys.Where(attempt => claims.Find(attempt) is null).ToList()) Drop(attempt);
        foreach (var attempt in _undurable.Keys.ToList()) SendDurable(attempt);
        return touched;
    }

    private void Retry((WorkflowId Workflow, int Task) key, SortedSet<WorkflowId> touched)
    {
        state.Store.Find(key.Workflow)?.Run?.Touch(key.Task);
        touched.Add(key.Workflow);
    }

    // A refusal says how long it lasts: then it is worth asking again.
    private static TimeSpan WaitAfter(MajorityBallot ballot)
    {
        var waits = ballot.Refused.Values.Where(static refusal => refusal.Vote.RemainingMs > 0).Select(static refusal => TimeSpan.FromMilliseconds(refusal.Vote.RemainingMs)).ToList();
        var wait = waits.Count == 0 ? MajorityTiming.RetryMax : waits.Min();
        return wait < MajorityTiming.RetryMax ? wait : MajorityTiming.RetryMax;
    }

    private void SendDurable(AttemptId attempt)
    {
        var (seq, executor, dispatch) = _undurable[attempt];
        if (!Planted.Is(Mutant.ClaimBeforeDurable) && !IsOnMost(Buckets.BucketOf(attempt.Workflow.Place), seq)) return;
        if (claims.Find(attempt) is not { } claim || state.Now.WallMs >= dispatch.LeaseUntilUnixMs)
        {
            Drop(attempt);
            return;
        }

        _undurable.Remove(attempt);
        // Without it the executor may have no slot, and hands it back.
        claim.Dispatch = dispatch with { CreditsUsed = credits.UseHeld(state.Now, executor, dispatch.ExecutorEpoch) };
        claim.SentTicks = state.Now.Ticks;
        state.Send(executor, claim.Dispatch);
    }

    private void Drop(AttemptId attempt)
    {
        if (_undurable.Remove(attempt, out var waiting)) credits.Unhold(waiting.Executor, waiting.Dispatch.ExecutorEpoch);
    }

    private bool IsOnMost(int bucket, ulong seq)
    {
        var homes = state.Placement.Map.HomeOwners(bucket);
        var have = 0;
        foreach (var home in homes) have += home == state.Self || acks.IsOnDisk(home, bucket, seq) ? 1 : 0;
        return have >= MajorityBallot.NeededOf(homes.Length);
    }

    private MajorityClaim Open((WorkflowId Workflow, int Task) key, int generation, int number)
    {
        if (_claims.TryGetValue(key, out var claim) && claim.Generation == generation && claim.Number == number) return claim;
        if (claim is null && _claims.Count >= ClaimsMax)
        {
            var (last, dropped) = _claims.Last();
            _crowded.Add(last.Workflow);
            Remove(last, dropped);
        }

        return _claims[key] = new MajorityClaim(generation, number, state.Now.WallMs);
    }

    // Its token was never dispatched and never will be.
    private void Fail((WorkflowId Workflow, int Task) key, MajorityClaim claim, TimeSpan wait)
    {
        credits.Unhold(claim.Executor, claim.ExecutorEpoch);
        NoteEnded(claim.Attempt);
        (claim.Phase, claim.RetryTicks) = (MajorityPhase.Waiting, state.Now.After(wait));
    }

    private void Remove((WorkflowId Workflow, int Task) key, MajorityClaim claim)
    {
        if (claim.Phase != MajorityPhase.Waiting) Fail(key, claim, TimeSpan.Zero);
        _claims.Remove(key);
    }
}
