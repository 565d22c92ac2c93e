using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>
/// The claims that this node's planner looks after: who shows signs of life, what has to be sent again, what is lost. All of it can be
/// made anew from the cells.
/// </summary>
internal sealed class ClaimBook(ReplicaState state)
{
    private readonly SortedDictionary<AttemptId, ClaimWatch> _claims = [];
    private readonly SortedDictionary<(WorkflowId Workflow, int Task), AttemptId> _claimOf = [];

    /// <summary>The workflows of which it watches a claim.</summary>
    public IEnumerable<WorkflowId> Workflows => _claims.Keys.Select(static attempt => attempt.Workflow);

    /// <summary>The claims that hold a lease of most home owners, ascending.</summary>
    public IEnumerable<(AttemptId Attempt, ClaimWatch Claim)> Leased => _claims.Where(static entry => entry.Value.Ballot is not null).Select(static entry => (entry.Key, entry.Value));

    /// <summary>The claim, if it is watched.</summary>
    public ClaimWatch? Find(AttemptId attempt) => _claims.GetValueOrDefault(attempt);

    /// <summary>The attempt that a claim names. RUNNING keeps the claim's token in the place where a result's dot will stand.</summary>
    public static AttemptId AttemptOf(WorkflowId workflow, int task, TaskStatus status)
    {
        var token = status.State == TaskState.Running ? status.Detail.Result.Actor : status.Stamp.Value;
        return new AttemptId(workflow, task, status.Generation, status.Attempt, token);
    }

    /// <summary>What is known of the claim; from now on it is watched.</summary>
    public ClaimWatch Watch(AttemptId attempt, TaskStatus status)
    {
        if (_claims.TryGetValue(attempt, out var claim)) return claim;
        Forget(attempt.Workflow, attempt.Task);
        claim = new ClaimWatch(status.Detail.Executor, status.Detail.ExecutorEpoch) { HeardTicks = state.Now.Ticks, SentTicks = state.Now.Ticks };
        if (state.Store.Find(attempt.Workflow)?.Submission is { Voters.Count: > 0 } submission) claim.Ballot = new MajorityBallot(attempt, submission.Voters, state.Placement);
        _claimOf[(attempt.Workflow, attempt.Task)] = attempt;
        return _claims[attempt] = claim;
    }

    /// <summary>True when its executor is down, has started anew or has shown no sign for a lease.</summary>
    public bool IsLost(ClaimWatch claim) => !Planted.Is(Mutant.LostClaimKept)
        && (state.Placement.IsDown(claim.Executor)
        || state.Placement.EpochOf(claim.Executor) != claim.ExecutorEpoch
        || state.Now.Since(claim.HeardTicks) >= state.Settings.Lease);

    /// <summary>The executor has no slot or restarted: the same attempt is granted anew.</summary>
    public void OnHandedBack(AttemptId attempt)
    {
        if (!_claims.TryGetValue(attempt, out var claim)) return;
        claim.HandedBack = true;
        Touch(attempt);
    }

    /// <summary>A heartbeat: those attempts live.</summary>
    public void OnRunning(NodeId executor, AttemptsRunning running)
    {
        foreach (var attempt in running.Attempts)
        {
            if (!_claims.TryGetValue(attempt, out var claim) || claim.Executor != executor) continue;
            claim.HeardTicks = state.Now.Ticks;
            MarkRunning(attempt);
        }
    }

    /// <summary>Looks after the claims: sends again what shows no sign, ends what is lost. Gives the workflows to plan anew.</summary>
    public SortedSet<WorkflowId> Tend()
    {
        var touched = new SortedSet<WorkflowId>();
        foreach (var (attempt, claim) in _claims.ToList())
        {
            if (claim.HandedBack || IsLost(claim))
            {
                Touch(attempt);
                touched.Add(attempt.Workflow);
            }
            else if (state.Now.Since(claim.LastSignTicks) >= state.Settings.DispatchResend) Resend(attempt, claim);
        }

        return touched;
    }

    /// <summary>Forgets the claims of buckets that are not this node's any more.</summary>
    public void OnPlacement()
    {
        foreach (var attempt in _claims.Keys.Where(attempt => !state.Placement.Holds(Ring.Buckets.BucketOf(attempt.Workflow.Place))).ToList()) Drop(attempt);
    }

    /// <summary>The task has no claim to watch any more.</summary>
    public void Forget(WorkflowId workflow, int task)
    {
        if (_claimOf.Remove((workflow, task), out var attempt)) _claims.Remove(attempt);
    }

    /// <summary>The attempt has ended.</summary>
    public void Drop(AttemptId attempt)
    {
        if (_claims.Remove(attempt)) _claimOf.Remove((attempt.Workflow, attempt.Task));
    }

    private void Touch(AttemptId attempt) => state.Store.Find(attempt.Workflow)?.Run?.Touch(attempt.Task);

    private void MarkRunning(AttemptId attempt)
    {
        var status = state.Store.Find(attempt.Workflow)?.StatusOf(attempt.Task);
        if (status is not { State: TaskState.Claimed } || AttemptOf(attempt.Workflow, attempt.Task, status) != attempt) return;
        var claim = _claims[attempt];
        var stamp = state.Clock.Tick(state.Now);
        var running = status with { State = TaskState.Running, Stamp = stamp, Node = state.Self, Detail = status.Detail with { Result = new Dot(attempt.Token, 0) } };
        state.WriteStatus(attempt.Workflow, attempt.Task, stamp, running);
        claim.HeardTicks = state.Now.Ticks;
    }

    private void Resend(AttemptId attempt, ClaimWatch claim)
    {
        claim.SentTicks = state.Now.Ticks;
        if (claim.StopSent) state.Send(claim.Executor, new StopAttempt(attempt));
        else if ((claim.Dispatch ??= Rebuild(attempt, claim)) is { } dispatch) state.Send(claim.Executor, dispatch);
    }

    // After a takeover the dispatch is made again from the cells, with what the claim gave: the executor knows the attempt and ignores a second one.
    private Dispatch? Rebuild(AttemptId attempt, ClaimWatch claim)
    {
        if (state.Store.Find(attempt.Workflow) is not { Definition: { } definition } cells) return null;
        // Nobody but who won the votes knows whether most owners have the claim on their disks: it begins from there or not at all.
        if (claim.Ballot is not null) return null;
        var task = definition.Tasks[attempt.Task];
        if (RunValues.Given(cells, task, attempt, claim.Executor) is not { } given) return null;
        return ArgumentResolver.TryResolve(task.Arguments, given, out var arguments, out _)
            ? new Dispatch(attempt, state.Placement.Epoch, claim.ExecutorEpoch, 0, task.Tool, CanonicalJson.Write(arguments), task.Timeout) { TaskName = task.Id }
            : null;
    }
}
