using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>
/// Moves workflows on: claims ready tasks against credits in hand, commits the ends of attempts, and answers lost executors,
/// retries and cancellation. Runs on the first acting owner; two planners at once are harmless, since the status lattice and the
/// fencing token decide. Everything it decides on is in the cells, so any owner takes over where another stopped.
/// </summary>
internal sealed class Planner(ReplicaState state)
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

    private const int ErrorMessageBytesMax = 4_096;
    private readonly SortedDictionary<AttemptId, ClaimWatch> _claims = [];
    private readonly SortedDictionary<(WorkflowId Workflow, int Task), AttemptId> _claimOf = [];
    private bool _hasEndedTask;

    /// <summary>Slots in hand and tasks that wait for one.</summary>
    public CreditBook Credits { get; } = new();

    /// <summary>The workflows of which it watches a claim.</summary>
    public IEnumerable<WorkflowId> Watched => _claims.Keys.Select(static attempt => attempt.Workflow);

    /// <summary>Says when a task that waits for its retry may go on.</summary>
    public required Action<WorkflowId, TimeSpan> WakeAfter { get; init; }

    /// <summary>Does all that can be done for one workflow now.</summary>
    public void Plan(WorkflowId id)
    {
        if (state.Store.Find(id) is not { Run: not null } cells) return;
        foreach (var rival in cells.Rivals) YieldKey(rival);
        YieldKey(cells);
        Advance(cells);
    }

    // After a split two workflows may have one idempotency key: one keeps it, the others end.
    private void YieldKey(WorkflowCells cells)
    {
        if (cells is not { Phase: WorkflowPhase.Active, Run: { } run, SupersededBy: { } holder } || run.Outcome.IsTerminal()) return;
        state.Outbox.Notify(new KeyYielded(cells.Id, holder));
        state.Write(new CellKey(cells.Id, CellKind.Phase, default), CellPayloads.Encode(WorkflowPhase.Cancelling));
        Advance(cells);
    }

    private void Advance(WorkflowCells cells)
    {
        var (id, run) = (cells.Id, cells.Run!);
        cells.WasSeenOpen |= !run.Outcome.IsTerminal();
        _hasEndedTask = false;
        var definition = run.Definition;
        foreach (var index in definition.TopologicalOrder)
        {
            var task = definition.Tasks[index];
            if (run[index].IsTerminal() || cells.StatusOf(index) is { State: TaskState.Succeeded }) Forget(id, index);
            else if (run.Phase >= WorkflowPhase.Cancelling) Cancel(cells, run, task);
            else Advance(cells, run, task);
        }

        // Derived anew only where that can matter: it costs a look at every task.
        TellOfEnd(cells, _hasEndedTask ? cells.Run! : run);
    }

    /// <summary>Claims waiting tasks while there are credits.</summary>
    public void PlaceWaiting(Func<WorkflowId, bool> plans)
    {
        while (Credits.NextRunnable() is { } next)
        {
            if (plans(next.Workflow)) Plan(next.Workflow);
        }
    }

    /// <summary>Commits how an attempt ended; false when the workflow is not known here.</summary>
    public bool Commit(NodeId executor, AttemptEnded ended)
    {
        var attempt = ended.Attempt;
        if (state.Store.Find(attempt.Workflow) is not { Definition: { } definition } cells) return false;
        if (attempt.Task >= definition.Tasks.Count) return true;
        var status = cells.StatusOf(attempt.Task);
        if (status is not null && status.Generation > attempt.Generation) return true;
        switch (ended.Outcome.Kind)
        {
            case AttemptOutcomeKind.Succeeded: CommitSuccess(executor, attempt, ended.Outcome, status); break;
            case AttemptOutcomeKind.Failed: CommitFailure(executor, cells, definition.Tasks[attempt.Task], attempt, ended.Outcome, status); break;
            default: CommitStop(executor, cells, attempt, status); break;
        }

        Drop(attempt);
        return true;
    }

    /// <summary>The executor has no slot or restarted: the same attempt is granted anew.</summary>
    public void OnHandedBack(AttemptId attempt)
    {
        if (_claims.TryGetValue(attempt, out var claim)) claim.HandedBack = true;
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
            if (claim.HandedBack || IsLost(claim)) touched.Add(attempt.Workflow);
            else if (state.Now.Since(claim.LastSignTicks) >= state.Settings.DispatchResend) Resend(attempt, claim);
        }

        return touched;
    }

    private void TellOfEnd(WorkflowCells cells, RunState run)
    {
        var outcome = run.Outcome;
        if (outcome.IsTerminal() && cells.WasSeenOpen) state.Outbox.Notify(new WorkflowEnded(cells.Id, outcome));
        cells.WasSeenOpen = !outcome.IsTerminal();
    }

    private void Advance(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var status = cells.StatusOf(task.Index);
        switch (run[task.Index])
        {
            case TaskState.Pending when run.IsReady(task):
                Claim(cells, task, status?.Generation ?? 0, 1);
                break;
            case TaskState.RetryWait:
                var wait = TimeSpan.FromMilliseconds(Math.Clamp(status!.Detail.RetryAtUnixMs - state.Now.WallMs, 0, (long)task.Retry.MaxBackoff.TotalMilliseconds));
                if (wait <= TimeSpan.Zero) Claim(cells, task, status.Generation, status.Attempt + 1);
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
        var attempt = AttemptOf(cells.Id, task.Index, status);
        if (cells.HasEnded(task.Index, status.Generation, status.Attempt))
        {
            AfterEnd(cells, task, status);
            return;
        }

        var claim = WatchOf(attempt, status);
        if (claim.HandedBack) Claim(cells, task, status.Generation, status.Attempt);
        else if (IsLost(claim)) Lose(cells, task, status, claim);
    }

    private ClaimWatch WatchOf(AttemptId attempt, TaskStatus status)
    {
        if (_claims.TryGetValue(attempt, out var claim)) return claim;
        Forget(attempt.Workflow, attempt.Task);
        claim = new ClaimWatch(status.Detail.Executor, status.Detail.ExecutorEpoch) { HeardTicks = state.Now.Ticks, SentTicks = state.Now.Ticks };
        _claimOf[(attempt.Workflow, attempt.Task)] = attempt;
        return _claims[attempt] = claim;
    }

    private bool IsLost(ClaimWatch claim) => !Planted.Is(Mutant.LostClaimKept)
        && (state.Placement.IsDown(claim.Executor)
        || state.Placement.EpochOf(claim.Executor) != claim.ExecutorEpoch
        || state.Now.Since(claim.HeardTicks) >= state.Settings.Lease);

    private void Lose(WorkflowCells cells, TaskDefinition task, TaskStatus status, ClaimWatch claim)
    {
        var isUnbegun = status.State == TaskState.Claimed && state.Now.WallMs - status.Stamp.PhysicalMs < UnbegunMs;
        var (code, message) = state.Placement.WasStopped(claim.Executor, claim.ExecutorEpoch) ? (Stopped, "The executor was stopped.")
            : isUnbegun ? (Unbegun, "The executor was taken for lost before it can have begun.")
            : ("LOST", "The executor was lost.");
        WriteEnd(cells.Id, task.Index, status, claim.Executor, new AttemptEndValue(true, code, message, true));
        AfterEnd(cells, task, status);
    }

    // The current attempt was lost: again on another node, unless that may not or must not be.
    private void AfterEnd(WorkflowCells cells, TaskDefinition task, TaskStatus status)
    {
        Forget(cells.Id, task.Index);
        var lostOn = cells.EndsOf(task.Index, status.Generation).Where(static end => end.End is { Lost: true, ErrorCode: not (Stopped or Unbegun) }).Select(static end => end.Executor).Distinct().Count();
        if (task.AtMostOnce) Fail(cells.Id, task.Index, status, "LOST", "The executor was lost, and the task may run at most once.");
        else if (lostOn >= LossesMax) Fail(cells.Id, task.Index, status, "POISONED", $"The task lost its executor on {lostOn} different nodes.");
        else Claim(cells, task, status.Generation, status.Attempt + 1);
    }

    private void Claim(WorkflowCells cells, TaskDefinition task, int generation, int attemptNumber)
    {
        var hash = StableHash.Of(StableHash.Of(cells.Id.Place, cells.Id.Content), (ulong)task.Index, (ulong)attemptNumber >> 1);
        var executor = state.Placement.ExecutorFor(hash, task.Tool);
        if (executor == NodeId.None) return;
        var epoch = state.Placement.EpochOf(executor);
        if (!TryResolve(cells, task, generation, attemptNumber, out var arguments)) return;
        var used = Credits.TryUse(state.Now, executor, epoch);
        if (used == 0)
        {
            Credits.Enqueue(executor, epoch, cells.Id, task.Index);
            return;
        }

        var stamp = state.Clock.Tick(state.Now);
        var status = new TaskStatus(generation, TaskState.Claimed, attemptNumber, stamp, state.Self, TaskStatusDetail.Empty with { Executor = executor, ExecutorEpoch = epoch });
        state.Outbox.Notify(new TaskClaimed(cells.Id, task.Id, attemptNumber, executor, cells.WaitOf(task, state.Now)));
        state.WriteStatus(cells.Id, task.Index, stamp, status);
        var attempt = AttemptOf(cells.Id, task.Index, status);
        var claim = WatchOf(attempt, status);
        claim.Dispatch = new Dispatch(attempt, state.Placement.Epoch, epoch, used, task.Tool, arguments!, task.Timeout) { TaskName = task.Id };
        state.Send(executor, claim.Dispatch);
    }

    private bool TryResolve(WorkflowCells cells, TaskDefinition task, int generation, int attemptNumber, out byte[]? arguments)
    {
        if (ArgumentResolver.TryResolve(task.Arguments, RunValues.Of(cells), out var resolved, out var failure))
        {
            arguments = CanonicalJson.Write(resolved);
            return true;
        }

        arguments = null;
        _hasEndedTask = true;
        var stamp = state.Clock.Tick(state.Now);
        var detail = TaskStatusDetail.Empty with { ErrorCode = failure.Code, ErrorMessage = CellPayloads.Clip(failure.Message, ErrorMessageBytesMax) };
        state.WriteStatus(cells.Id, task.Index, stamp, new TaskStatus(generation, TaskState.Failed, attemptNumber, stamp, state.Self, detail));
        return false;
    }

    private void Resend(AttemptId attempt, ClaimWatch claim)
    {
        claim.SentTicks = state.Now.Ticks;
        if (claim.StopSent) state.Send(claim.Executor, new StopAttempt(attempt));
        else if ((claim.Dispatch ??= Rebuild(attempt, claim)) is { } dispatch) state.Send(claim.Executor, dispatch);
    }

    // After a takeover the dispatch is made again from the cells: the executor knows the attempt and ignores a second one.
    private Dispatch? Rebuild(AttemptId attempt, ClaimWatch claim)
    {
        if (state.Store.Find(attempt.Workflow) is not { Definition: { } definition } cells) return null;
        var task = definition.Tasks[attempt.Task];
        return ArgumentResolver.TryResolve(task.Arguments, RunValues.Of(cells), out var arguments, out _)
            ? new Dispatch(attempt, state.Placement.Epoch, claim.ExecutorEpoch, 0, task.Tool, CanonicalJson.Write(arguments), task.Timeout) { TaskName = task.Id }
            : null;
    }

    private void Cancel(WorkflowCells cells, RunState run, TaskDefinition task)
    {
        var status = cells.StatusOf(task.Index);
        if (run[task.Index] is TaskState.Pending or TaskState.RetryWait)
        {
            EndCancelled(cells, task.Index, status);
            return;
        }

        var attempt = AttemptOf(cells.Id, task.Index, status!);
        var claim = WatchOf(attempt, status!);
        if (claim.HandedBack || IsLost(claim) || cells.HasEnded(task.Index, status!.Generation, status.Attempt))
        {
            EndCancelled(cells, task.Index, status);
            Forget(cells.Id, task.Index);
        }
        else if (!claim.StopSent && !Planted.Is(Mutant.StopForgotten))
        {
            (claim.StopSent, claim.SentTicks) = (true, state.Now.Ticks);
            state.Send(claim.Executor, new StopAttempt(attempt));
        }
    }

    private void EndCancelled(WorkflowCells cells, int task, TaskStatus? status)
    {
        _hasEndedTask = true;
        var stamp = state.Clock.Tick(state.Now);
        var (code, message) = cells.SupersededBy is { } holder
            ? ("SUPERSEDED", $"Workflow {holder} has the same idempotency key: both were submitted during a split.")
            : ("CANCELLED", "The workflow was cancelled.");
        var detail = TaskStatusDetail.Empty with { Executor = status?.Detail.Executor ?? NodeId.None, ErrorCode = code, ErrorMessage = message };
        state.WriteStatus(cells.Id, task, stamp, new TaskStatus(status?.Generation ?? 0, TaskState.Cancelled, status?.Attempt ?? 0, stamp, state.Self, detail));
    }

    // A causally later success loses to the first: it is not even written. It still outranks FAILED and CANCELLED.
    private void CommitSuccess(NodeId executor, AttemptId attempt, AttemptOutcome outcome, TaskStatus? status)
    {
        if (status is { State: TaskState.Succeeded }) return;
        var result = state.WriteResult(attempt.Workflow, attempt.Task, outcome.Output);
        var stamp = state.Clock.Tick(state.Now);
        var detail = TaskStatusDetail.Empty with { Executor = executor, Result = result, StartedUnixMs = outcome.StartedUnixMs };
        state.WriteStatus(attempt.Workflow, attempt.Task, stamp, new TaskStatus(attempt.Generation, TaskState.Succeeded, attempt.Attempt, stamp, state.Self, detail));
    }

    private void CommitFailure(
        NodeId executor, WorkflowCells cells, TaskDefinition task, AttemptId attempt, AttemptOutcome outcome, TaskStatus? status)
    {
        if (status is not null && (status.State.IsTerminal() || status.Attempt > attempt.Attempt || cells.HasEnded(task.Index, attempt.Generation, attempt.Attempt))) return;
        var message = CellPayloads.Clip(outcome.ErrorMessage, ErrorMessageBytesMax);
        var end = new AttemptEndValue(false, outcome.ErrorCode, message, outcome.Retryable);
        var key = CellPayloads.AttemptEndKey(task.Index, attempt.Generation, attempt.Attempt, executor);
        state.Write(new CellKey(attempt.Workflow, CellKind.AttemptEnd, key), CellPayloads.Encode(end));
        var failures = cells.EndsOf(task.Index, attempt.Generation).Count(static ended => !ended.End.Lost);
        var again = outcome.Retryable && failures < task.Retry.MaxAttempts && cells.Phase == WorkflowPhase.Active;
        var stamp = state.Clock.Tick(state.Now);
        var detail = TaskStatusDetail.Empty with
        {
            Executor = executor,
            ErrorCode = outcome.ErrorCode,
            ErrorMessage = message,
            Retryable = outcome.Retryable,
            StartedUnixMs = outcome.StartedUnixMs,
            RetryAtUnixMs = again ? state.Now.WallMs + (long)task.Retry.WaitAfter(failures, outcome.RetryAfterMs).TotalMilliseconds : 0,
        };
        var next = again ? TaskState.RetryWait : TaskState.Failed;
        state.WriteStatus(attempt.Workflow, task.Index, stamp, new TaskStatus(attempt.Generation, next, attempt.Attempt, stamp, state.Self, detail));
    }

    private void CommitStop(NodeId executor, WorkflowCells cells, AttemptId attempt, TaskStatus? status)
    {
        if (status is null || status.State.IsTerminal() || status.Attempt != attempt.Attempt) return;
        if (cells.Phase >= WorkflowPhase.Cancelling) EndCancelled(cells, attempt.Task, status);
        else WriteEnd(attempt.Workflow, attempt.Task, status, executor, new AttemptEndValue(true, "STOPPED", "The executor stopped.", true));
    }

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

    private void Fail(WorkflowId workflow, int task, TaskStatus status, string code, string message)
    {
        _hasEndedTask = true;
        var stamp = state.Clock.Tick(state.Now);
        var detail = TaskStatusDetail.Empty with { Executor = status.Detail.Executor, ErrorCode = code, ErrorMessage = message };
        state.WriteStatus(workflow, task, stamp, new TaskStatus(status.Generation, TaskState.Failed, status.Attempt, stamp, state.Self, detail));
    }

    private void WriteEnd(WorkflowId workflow, int task, TaskStatus status, NodeId executor, AttemptEndValue end)
    {
        var key = CellPayloads.AttemptEndKey(task, status.Generation, status.Attempt, executor);
        state.Outbox.Notify(new AttemptLost(workflow, state.NameOf(workflow, task), status.Attempt, executor));
        state.Write(new CellKey(workflow, CellKind.AttemptEnd, key), CellPayloads.Encode(end));
    }

    private void Forget(WorkflowId workflow, int task)
    {
        if (_claimOf.Remove((workflow, task), out var attempt)) _claims.Remove(attempt);
    }

    private void Drop(AttemptId attempt)
    {
        if (_claims.Remove(attempt)) _claimOf.Remove((attempt.Workflow, attempt.Task));
    }

    // RUNNING keeps the claim's token, which names the attempt, in the place where a result's dot will stand.
    private static AttemptId AttemptOf(WorkflowId workflow, int task, TaskStatus status)
    {
        var token = status.State == TaskState.Running ? status.Detail.Result.Actor : status.Stamp.Value;
        return new AttemptId(workflow, task, status.Generation, status.Attempt, token);
    }

    private sealed class ClaimWatch(NodeId executor, ulong executorEpoch)
    {
        public NodeId Executor => executor;
        public ulong ExecutorEpoch => executorEpoch;
        public Dispatch? Dispatch { get; set; }
        public long HeardTicks { get; set; }
        public long SentTicks { get; set; }
        public bool HandedBack { get; set; }
        public bool StopSent { get; set; }

        // A heartbeat answers a dispatch. A stop that was lost it does not: what runs on has not heard of it.
        public long LastSignTicks => StopSent ? SentTicks : Math.Max(HeardTicks, SentTicks);
    }
}
