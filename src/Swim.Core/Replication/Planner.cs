using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Moves workflows on: claims ready tasks against credits in hand, commits the ends of attempts, and answers lost executors,
/// retries and cancellation. Runs on the first acting owner; two planners at once are harmless, since the status lattice and the
/// fencing token decide. Everything it decides on is in the cells, so any owner takes over where another stopped.
/// </summary>
internal sealed class Planner
{
    /// <summary>
    /// An attempt lost on so many different nodes makes its task FAILED with POISONED. A node's orderly end does not count, nor a loss too
    /// soon after the claim to be the task's doing.
    /// </summary>
    public const int LossesMax = 3;

    // Nobody is found dead so quickly: the executor was taken for dead before, rightly or not, by somebody else than who claimed.
    private const long UnbegunMs = 250;
    private const string Stopped = "STOPPED";
    private const string Unbegun = "UNBEGUN";

    private readonly ReplicaState _state;
    private readonly TaskEnds _ends;
    private readonly ClaimGrants _grants;
    private readonly FlipAnswers _flips;

    /// <summary>A planner that watches nothing yet.</summary>
    public Planner(ReplicaState state, ReplicationAcks acks)
    {
        _state = state;
        _ends = new TaskEnds(state);
        Claims = new ClaimBook(state);
        Majority = new MajorityClaims(state, acks, Credits, Claims);
        Voter = new MajorityVoter(state);
        Renewals = new MajorityRenewals(state, Claims, Majority.IsUndurable);
        _grants = new ClaimGrants(state, Credits, Claims, Majority, _ends);
        _flips = new FlipAnswers(state, Claims, Majority);
        Commits = new AttemptCommits(state, Claims, Majority, _ends);
    }

    /// <summary>Slots in hand and tasks that wait for one.</summary>
    public CreditBook Credits { get; } = new();

    /// <summary>The claims it looks after.</summary>
    public ClaimBook Claims { get; }

    /// <summary>The claims that most home owners are asked for.</summary>
    public MajorityClaims Majority { get; }

    /// <summary>Votes on the claims of other planners, and on its own.</summary>
    public MajorityVoter Voter { get; }

    /// <summary>Renews the leases of those that run.</summary>
    public MajorityRenewals Renewals { get; }

    /// <summary>Takes in what executors report.</summary>
    public AttemptCommits Commits { get; }

    /// <summary>Says when a task that waits for its retry may go on.</summary>
    public required Action<WorkflowId, TimeSpan> WakeAfter { get; init; }

    /// <summary>Does all that can be done now for the tasks of a workflow that moved, or were touched (<see cref="RunState.TakeTouched"/>).</summary>
    public void Plan(WorkflowId id)
    {
        if (_state.Store.Find(id) is not { Run: not null } cells) return;
        foreach (var rival in cells.Rivals) YieldKey(rival);
        YieldKey(cells);
        Advance(cells);
    }

    // After a split two workflows may have one idempotency key: one keeps it, the others end.
    private void YieldKey(WorkflowCells cells)
    {
        if (cells is not { Phase: WorkflowPhase.Active, Run: { } run, SupersededBy: { } holder } || run.Outcome.IsTerminal()) return;
        _state.Outbox.Notify(new KeyYielded(cells.Id, holder));
        _state.Write(new CellKey(cells.Id, CellKind.Phase, default), CellPayloads.Encode(WorkflowPhase.Cancelling));
        Advance(cells);
    }

    private void Advance(WorkflowCells cells)
    {
        _flips.Answer(cells);
        var (id, run) = (cells.Id, cells.Run!);
        cells.WasSeenOpen |= !run.Outcome.IsTerminal();
        var definition = run.Definition;
        foreach (var index in run.TakeTouched())
        {
            var task = definition.Tasks[index];
            if (run[index].IsTerminal() || cells.StatusOf(index) is { State: TaskState.Succeeded }) Forget(definition, id, index);
            else if (run.Phase >= WorkflowPhase.Cancelling) Cancel(cells, run, task);
            else Advance(cells, run, task);
        }

        TellOfEnd(cells, run);
    }

    /// <summary>A voter answered; gives the workflows to plan anew.</summary>
    public SortedSet<WorkflowId> OnVotes(NodeId from, MajorityVotes votes)
    {
        var touched = new SortedSet<WorkflowId>();
        foreach (var vote in votes.Votes)
        {
            if (Majority.OnVote(from, votes.Round, vote) is { } workflow) touched.Add(workflow);
        }

        Renewals.OnVotes(from, votes);
        return touched;
    }

    /// <summary>Time has passed: looks after the claims. Gives the workflows to plan anew.</summary>
    public SortedSet<WorkflowId> Tend(Func<WorkflowId, bool> plans)
    {
        var touched = Claims.Tend();
        touched.UnionWith(Majority.Tend(plans));
        touched.UnionWith(_flips.Undecided);
        Renewals.Tend(plans);
        Voter.Tend();
        return touched;
    }

    /// <summary>Claims waiting tasks while there are credits.</summary>
    public void PlaceWaiting(Func<WorkflowId, bool> plans)
    {
        while (Credits.NextRunnable() is { } next)
        {
            if (!plans(next.Workflow)) continue;
            _state.Store.Find(next.Workflow)?.Run?.Touch(next.Task);
            Plan(next.Workflow);
        }
    }

    private void Forget(WorkflowDefinition definition, WorkflowId id, int task)
    {
        Claims.Forget(id, task);
        if (definition.Consistency == WorkflowConsistency.Majority) Majority.Forget(id, task);
    }

    private void TellOfEnd(WorkflowCells cells, RunState run)
    {
        var outcome = run.Outcome;
        if (outcome.IsTerminal() && cells.WasSeenOpen) _state.Outbox.Notify(new WorkflowEnded(cells.Id, outcome));
        cells.WasSeenOpen = !outcome.IsTerminal();
    }

    private void Advance(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var status = cells.StatusOf(task.Index);
        switch (run[task.Index])
        {
            case TaskState.Pending when run.IsReady(task):
                _grants.Claim(cells, task, status?.Generation ?? 0, 1);
                break;
            // Granted once, so what it depends on has ended; where that is not seen here yet, nothing can be made of it.
            case TaskState.RetryWait or TaskState.Claimed or TaskState.Running when !run.IsReady(task): break;
            case TaskState.RetryWait:
                var wait = TimeSpan.FromMilliseconds(Math.Clamp(status!.Detail.RetryAtUnixMs - _state.Now.WallMs, 0, (long)task.Retry.MaxBackoff.TotalMilliseconds));
                if (wait <= TimeSpan.Zero) _grants.Claim(cells, task, status.Generation, status.Attempt + 1);
                else WakeAfter(cells.Id, wait);
                break;
            case TaskState.Claimed or TaskState.Running:
                Watch(cells, task, status!);
                break;
            default: break;
        }
    }

    // A claim in the cells: this planner's own, or one it takes over.
    private void Watch(WorkflowCells cells, TaskDefinition task, TaskStatus status)
    {
        var attempt = ClaimBook.AttemptOf(cells.Id, task.Index, status);
        if (cells.HasEnded(task.Index, status.Generation, status.Attempt))
        {
            AfterEnd(cells, task, status);
            return;
        }

        var claim = Claims.Watch(attempt, status);
        if (claim.HandedBack) ClaimAgain(cells, task, status, attempt);
        else if (Claims.IsLost(claim)) Lose(cells, task, status, claim);
    }

    // It was never begun: the same attempt goes to another slot.
    private void ClaimAgain(WorkflowCells cells, TaskDefinition task, TaskStatus status, AttemptId attempt)
    {
        if (Claims.Find(attempt)?.Ballot is not null) Majority.NoteEnded(attempt);
        _grants.Claim(cells, task, status.Generation, status.Attempt);
    }

    private void Lose(WorkflowCells cells, TaskDefinition task, TaskStatus status, ClaimWatch claim)
    {
        var attempt = ClaimBook.AttemptOf(cells.Id, task.Index, status);
        var isUndispatched = Majority.IsUndurable(attempt);
        // A new life of the executor is the end of all that its last one ran; that it seems dead is not.
        if (claim.Ballot is not null && (isUndispatched || _state.Placement.EpochOf(claim.Executor) > claim.ExecutorEpoch)) Majority.NoteEnded(attempt);
        var isUnbegun = isUndispatched || (status.State == TaskState.Claimed && _state.Now.WallMs - status.Stamp.PhysicalMs < UnbegunMs);
        var (code, message) = _state.Placement.WasStopped(claim.Executor, claim.ExecutorEpoch) ? (Stopped, "The executor was stopped.")
            : isUnbegun ? (Unbegun, "The executor was taken for lost before it can have begun.")
            : ("LOST", "The executor was lost.");
        _ends.Lose(cells.Id, task.Index, status, claim.Executor, new AttemptEndValue(true, code, message, true));
        AfterEnd(cells, task, status);
    }

    // The current attempt was lost: again on another node, unless that may not or must not be.
    private void AfterEnd(WorkflowCells cells, TaskDefinition task, TaskStatus status)
    {
        Claims.Forget(cells.Id, task.Index);
        var lostOn = cells.EndsOf(task.Index, status.Generation).Where(static end => end.End is { Lost: true, ErrorCode: not (Stopped or Unbegun) }).Select(static end => end.Executor).Distinct().Count();
        if (task.AtMostOnce) _ends.Fail(cells.Id, task.Index, status, "LOST", "The executor was lost, and the task may run at most once.");
        else if (lostOn >= LossesMax) _ends.Fail(cells.Id, task.Index, status, "POISONED", $"The task lost its executor on {lostOn} different nodes.");
        else ClaimNext(cells, task, status);
    }

    private void ClaimNext(WorkflowCells cells, TaskDefinition task, TaskStatus status)
    {
        // Votes may be long in coming: meanwhile it is not shown as running.
        if (cells.Definition!.Consistency == WorkflowConsistency.Majority && status.State is TaskState.Claimed or TaskState.Running)
        {
            var stamp = _state.Clock.Tick(_state.Now);
            var waits = status with { State = TaskState.RetryWait, Stamp = stamp, Node = _state.Self, Detail = TaskStatusDetail.Empty with { Executor = status.Detail.Executor, RetryAtUnixMs = _state.Now.WallMs } };
            _state.WriteStatus(cells.Id, task.Index, stamp, waits);
        }

        _grants.Claim(cells, task, status.Generation, status.Attempt + 1);
    }

    private void Cancel(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var status = cells.StatusOf(task.Index);
        if (run[task.Index] is TaskState.Pending or TaskState.RetryWait)
        {
            _ends.Cancel(cells, task.Index, status);
            return;
        }

        var attempt = ClaimBook.AttemptOf(cells.Id, task.Index, status!);
        var claim = Claims.Watch(attempt, status!);
        if (claim.HandedBack || Claims.IsLost(claim) || cells.HasEnded(task.Index, status!.Generation, status.Attempt))
        {
            _ends.Cancel(cells, task.Index, status);
            Claims.Forget(cells.Id, task.Index);
        }
        else if (!claim.StopSent && !Planted.Is(Mutant.StopForgotten))
        {
            (claim.StopSent, claim.SentTicks) = (true, _state.Now.Ticks);
            _state.Send(claim.Executor, new StopAttempt(attempt));
        }
    }
}
