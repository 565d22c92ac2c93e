using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Takes commands in: an owner serves them itself, any other node passes them to the owners in turn until one answers. Every
/// command is answered exactly once, at the latest with a refusal when its time is up.
/// </summary>
internal sealed class CommandDesk(ReplicaState state, ReplicationAcks acks, Readiness readiness, Bootstrapping bootstrapping)
{
    /// <summary>Commands that may wait here at once; more are refused.</summary>
    public const int PendingMax = 50_000;

    /// <summary>The code of the refusal for a workflow that was forgotten at the end of its retention.</summary>
    public const string Collected = "COLLECTED";

    // A workflow of 1,000 tasks is looked at every 10 ms at most.
    private static readonly TimeSpan LookPerTask = TimeSpan.FromMicroseconds(10);

    private readonly SortedDictionary<long, Relay> _relays = [];
    private readonly List<(Origin Origin, Command Command)> _deferred = [];
    private readonly List<SubmitWait> _submits = [];
    private readonly SortedDictionary<WorkflowId, List<GetWait>> _gets = [];
    private readonly SortedDictionary<WorkflowId, long> _endedAt = [];
    private readonly SortedDictionary<WorkflowId, long> _lookedAt = [];
    private long _nextRequest;

    /// <summary>Where this node may not begin to write.</summary>
    public required WriterCap Cap { get; init; }

    /// <summary>Says why tasks do not run.</summary>
    public required Func<ExplainCommand, Reply> Explain { get; init; }

    /// <summary>Plans a workflow that was just written.</summary>
    public required Action<WorkflowId> Plan { get; init; }

    /// <summary>Serves what writes the system bucket.</summary>
    public required SystemDesk System { get; init; }

    /// <summary>A command from this node's own API.</summary>
    public void OnCommand(long commandId, Command command)
    {
        var relay = new Relay(commandId, command, [.. state.Placement.ActingOwners(BucketOf(command))], state.Now.Ticks);
        if (_relays.Count >= PendingMax)
        {
            Answer(commandId, new Refused(RefusalReason.ResourceExhausted, "BUSY", "Too many commands wait on this node: try again later."));
            return;
        }

        var request = ++_nextRequest;
        _relays[request] = relay;
        AskNext(request, relay);
    }

    /// <summary>Another node passes a command on.</summary>
    public void OnForward(NodeId from, Forward forward)
    {
        var origin = new Origin(from, forward.Request);
        if (readiness.IsStrangerTo(from)) Reply(origin, NotYet);
        else Serve(origin, forward.Command);
    }

    /// <summary>An owner answered.</summary>
    public void OnAnswer(NodeId from, ForwardAnswer answer)
    {
        if (_relays.TryGetValue(answer.Request, out var relay)) OnReply(answer.Request, relay, from, answer.Reply);
    }

    /// <summary>The node became ready: what waited for it goes on.</summary>
    public void OnReady()
    {
        var deferred = _deferred.ToList();
        _deferred.Clear();
        foreach (var (origin, command) in deferred) Serve(origin, command);
    }

    /// <summary>Workflows changed, or spread further: answers whoever waited for that.</summary>
    public void Review(IEnumerable<WorkflowId> changed)
    {
        if (_gets.Count > 0)
        {
            foreach (var workflow in changed)
            {
                if (_gets.TryGetValue(workflow, out var waits)) Review(workflow, waits);
            }
        }

        ReviewSubmits();
    }

    /// <summary>The bucket is about to be dropped, which every home owner holds: who waits for a change of it has to ask one of those.</summary>
    public void OnDrop(int bucket)
    {
        foreach (var workflow in _gets.Keys.Where(workflow => Buckets.BucketOf(workflow.Place) == bucket).ToList())
        {
            foreach (var wait in _gets[workflow]) Reply(wait.Origin, NotOwner);
            _gets.Remove(workflow);
        }

        foreach (var wait in _submits.Where(wait => Buckets.BucketOf(wait.Id.Place) == bucket)) Reply(wait.Origin, new Submitted(wait.Id, AckLevel.All, wait.Existing));
        _submits.RemoveAll(wait => Buckets.BucketOf(wait.Id.Place) == bucket);
        foreach (var workflow in _endedAt.Keys.Where(workflow => Buckets.BucketOf(workflow.Place) == bucket).ToList()) _endedAt.Remove(workflow);
    }

    /// <summary>Time has passed.</summary>
    public void Tend()
    {
        ReviewSubmits();
        foreach (var (workflow, waits) in _gets.ToList()) Review(workflow, waits);
        foreach (var (workflow, lookedAt) in _lookedAt.ToList())
        {
            if (state.Now.Since(lookedAt) >= state.Settings.CommandTimeout) _lookedAt.Remove(workflow);
        }

        foreach (var (request, relay) in _relays.ToList())
        {
            if (state.Now.Since(relay.BegunTicks) >= Patience(relay.Command)) GiveUp(request, relay);
            else if (state.Now.Since(relay.AskedTicks) >= AnswerWithin(relay)) AskNext(request, relay);
        }
    }

    private TimeSpan Patience(Command command) => state.Settings.CommandTimeout + (command is GetCommand get ? get.Wait : TimeSpan.Zero);

    // An owner may take its time where it was asked to wait: for the end of a workflow, or for a submission's acks.
    private TimeSpan AnswerWithin(Relay relay) => state.Settings.ForwardTimeout + relay.Command switch
    {
        _ when relay.IsRefused => TimeSpan.Zero,
        GetCommand get => get.Wait,
        _ when relay.Asked is { } owner && !state.Placement.IsDown(owner) => state.Settings.AckTimeout,
        _ => TimeSpan.Zero,
    };

    private void AskNext(long request, Relay relay)
    {
        if (relay.Next >= relay.Owners.Length)
        {
            relay.Owners = [.. state.Placement.ActingOwners(BucketOf(relay.Command))];
            relay.Next = 0;
            if (relay.Owners.Length == 0) return;
        }

        relay.IsRefused = false;
        relay.Asked = relay.Owners[relay.Next++];
        relay.AskedTicks = state.Now.Ticks;
        state.Send(relay.Asked.Value, new Forward(request, relay.Command));
    }

    private void OnReply(long request, Relay relay, NodeId from, Reply reply)
    {
        if (reply is Refused { Reason: RefusalReason.NotFound, Code: not Collected }) relay.Strangers.Add(from);
        var isFinal = reply is not Refused { Reason: RefusalReason.NotFound or RefusalReason.Unavailable } or Refused { Code: Collected };
        if (isFinal || IsUnknownToMost(relay))
        {
            _relays.Remove(request);
            Answer(relay.CommandId, reply);
        }
        else if (relay.Asked == from && relay.Next < relay.Owners.Length)
        {
            AskNext(request, relay);
        }
        else if (relay.Asked == from)
        {
            relay.IsRefused = true;
        }
    }

    private bool IsUnknownToMost(Relay relay)
    {
        var homes = state.Placement.Map.HomeOwners(BucketOf(relay.Command));
        var unknown = 0;
        foreach (var home in homes) unknown += relay.Strangers.Contains(home) ? 1 : 0;
        return unknown > homes.Length / 2;
    }

    private void GiveUp(long request, Relay relay)
    {
        _relays.Remove(request);
        Answer(relay.CommandId, new Refused(
            RefusalReason.Unavailable, "NO_REPLICA_REACHABLE", "No owner of this workflow answered: try again, or ask when more members are up."));
    }

    private void Serve(Origin origin, Command command)
    {
        var isRead = command is GetCommand;
        // Also by who is not ready: that may be the reason.
        if (command is ExplainCommand explain) Reply(origin, Explain(explain));
        else if (readiness is { HasState: true, IsClockOff: true } && !isRead) Reply(origin, ClockWatch.Refusal);
        else if (!readiness.HasState || (!readiness.IsReady && !isRead)) Defer(origin, command);
        // It does not know yet what the former owners know: neither what there is nor who has a key.
        else if (bootstrapping.IsUnderWay(BucketOf(command)) && !Planted.Is(Mutant.NewOwnerKnowsNothing)) Reply(origin, NotYet);
        else Carry(origin, command);
    }

    private void Defer(Origin origin, Command command)
    {
        if (_deferred.Count < PendingMax) _deferred.Add((origin, command));
    }

    private void Carry(Origin origin, Command command)
    {
        switch (command)
        {
            case SubmitCommand submit: Submit(origin, submit); break;
            case GetCommand get: Get(origin, get); break;
            case CancelCommand cancel: Cancel(origin, cancel); break;
            case RemoveMemberCommand remove: System.Serve(remove, reply => Reply(origin, reply)); break;
        }
    }

    private void Submit(Origin origin, SubmitCommand submit)
    {
        var bucket = Buckets.BucketOf(submit.Id.Place);
        if (WhyNot(bucket, submit) is { } refusal)
        {
            Reply(origin, refusal);
            return;
        }

        if (Grave(submit.Id) is not null)
        {
            Reply(origin, new Submitted(submit.Id, AckLevel.K, submit.Key.Length > 0));
            return;
        }

        var isKnown = state.Store.Find(submit.Id)?.IsComplete == true;
        if (!isKnown)
        {
            state.WriteDefinition(submit);
            Plan(submit.Id);
        }

        var level = submit.Ack == AckLevel.None ? AckLevel.K : submit.Ack;
        _submits.Add(new SubmitWait(origin, submit.Id, [.. state.Store.Find(submit.Id)!.LastWrites], level, isKnown && submit.Key.Length > 0, state.Now.After(state.Settings.AckTimeout)));
    }

    private Refused? WhyNot(int bucket, SubmitCommand submit)
    {
        if (!state.Placement.Acts(bucket)) return NotOwner;
        if (submit.Key.Length > 0 && HolderOf(bucket, submit) is { } holder && holder != submit.Id)
            return new Refused(RefusalReason.AlreadyExists, "KEY_TAKEN", $"The idempotency key belongs to workflow {holder}, which has another document or input.");
        return Cap.IsBarred(bucket) && state.Store.Find(submit.Id)?.IsComplete != true ? Cap.RefusalOf(bucket) : null;
    }

    private WorkflowId? HolderOf(int bucket, SubmitCommand submit) =>
        state.Store.Find(bucket)?.HolderOf(submit.Id.Place, submit.Namespace, submit.Key);

    private void Get(Origin origin, GetCommand get)
    {
        if (Known(get.Namespace, get.Id) is null)
        {
            Reply(origin, Unknown(get.Namespace, get.Id));
            return;
        }

        if (!_gets.TryGetValue(get.Id, out var waits)) _gets[get.Id] = waits = [];
        waits.Add(new GetWait(origin, state.Now.After(get.Wait), get.Known, get.Task));
        Review(get.Id, waits);
    }

    private void Cancel(Origin origin, CancelCommand cancel)
    {
        if (Known(cancel.Namespace, cancel.Id) is not { } cells)
        {
            Reply(origin, Unknown(cancel.Namespace, cancel.Id));
            return;
        }

        var outcome = cells.Run!.Outcome;
        if (!outcome.IsTerminal() && cells.Phase < WorkflowPhase.Cancelling)
        {
            state.Write(new CellKey(cancel.Id, CellKind.Phase, default), CellPayloads.Encode(WorkflowPhase.Cancelling));
            Plan(cancel.Id);
            outcome = cells.Run!.Outcome;
        }

        Reply(origin, new CancelAccepted(outcome));
    }

    private WorkflowCells? Known(string @namespace, WorkflowId id) =>
        state.Store.Find(id) is { Definition: not null } cells && cells.Submission!.Namespace == @namespace ? cells : null;

    private static Refused NotOwner => new(RefusalReason.Unavailable, "NOT_OWNER", "The ring has changed: try again.");

    private static Refused NotYet => new(RefusalReason.Unavailable, "NOT_YET_HERE", "This node became an owner just now and does not hold everything yet: try again.");

    // One that owns the bucket no longer has given away what it knew. Of one that is on its way here nobody may be told that it does not exist.
    private Refused Unknown(string @namespace, WorkflowId id)
    {
        if (!state.Placement.Acts(Buckets.BucketOf(id.Place))) return NotOwner;
        if (Grave(id) is { } tombstone)
            return new(RefusalReason.NotFound, Collected, $"Workflow {id} ended as {CellPayloads.Tombstone(tombstone).Outcome.ToString().ToUpperInvariant()} and was forgotten at the end of its retention.");
        return state.Store.Find(id) is { IsComplete: false, Submission: { } submission } && submission.Namespace == @namespace
            ? new(RefusalReason.Unavailable, "INCOMPLETE", "This owner has not received all of the workflow yet: try again.")
            : new(RefusalReason.NotFound, "NOT_FOUND", $"No workflow {id} in this namespace: check the id and the namespace.");
    }

    private Cell? Grave(WorkflowId id) => state.Store.Find(Buckets.BucketOf(id.Place))?.Forgotten.Find(id);

    private void Review(WorkflowId workflow, List<GetWait> waits)
    {
        if (state.Store.Find(workflow) is not { Run: { } run } cells)
        {
            // Forgotten while somebody waited for its end to be durable enough.
            foreach (var wait in waits) Reply(wait.Origin, Unknown("", workflow));
            waits.Clear();
            _gets.Remove(workflow);
            _endedAt.Remove(workflow);
            return;
        }

        var level = acks.LevelOf(cells);
        var isShowable = run.Outcome.IsTerminal() && IsDurableEnough(cells, level);
        // An end that is not durable enough is told to nobody yet.
        var isHeldBack = run.Outcome.IsTerminal() && !isShowable;
        if (!run.Outcome.IsTerminal() && !IsLookDue(workflow, run, waits)) return;
        WorkflowView? view = null;
        ulong hash = 0;
        waits.RemoveAll(wait =>
        {
            var isDue = isShowable || (!isHeldBack && (state.Now.Ticks >= wait.Deadline || wait.Known != 0));
            if (!isDue) return false;
            view ??= WorkflowViews.Of(cells, run, level);
            if (!isShowable && state.Now.Ticks < wait.Deadline && (hash == 0 ? hash = view.Fingerprint() : hash) == wait.Known) return false;
            Reply(wait.Origin, new Shown(wait.Task.Length == 0 ? view : WorkflowViews.Of(cells, run, level, wait.Task)));
            return true;
        });
        if (waits.Count == 0) _gets.Remove(workflow);
    }

    // What a workflow looks like costs a look at all its tasks: those who follow a large one are told of its changes less often.
    private bool IsLookDue(WorkflowId workflow, RunState run, List<GetWait> waits)
    {
        var isFirst = !_lookedAt.TryGetValue(workflow, out var lookedAt);
        var isDue = isFirst || state.Now.Since(lookedAt) >= run.Definition.Tasks.Count * LookPerTask || waits.Exists(wait => state.Now.Ticks >= wait.Deadline);
        if (isDue) _lookedAt[workflow] = state.Now.Ticks;
        return isDue;
    }

    // A new end is shown once it is as durable as the submission's ack, or a second later with what was reached.
    private bool IsDurableEnough(WorkflowCells cells, AckLevel level)
    {
        var asked = cells.Submission!.Ack == AckLevel.None ? AckLevel.K : cells.Submission.Ack;
        if (level >= asked)
        {
            _endedAt.Remove(cells.Id);
            return true;
        }

        if (!_endedAt.TryGetValue(cells.Id, out var since)) _endedAt[cells.Id] = since = state.Now.Ticks;
        if (state.Now.Since(since) < state.Settings.AckTimeout) return false;
        _endedAt.Remove(cells.Id);
        return true;
    }

    private void ReviewSubmits()
    {
        if (_submits.Count == 0) return;
        _submits.RemoveAll(wait =>
        {
            var bucket = Buckets.BucketOf(wait.Id.Place);
            // What was collected meanwhile every owner had.
            var level = Grave(wait.Id) is null ? acks.LevelOf(bucket, wait.Writes) : AckLevel.All;
            if (level < wait.Level && state.Now.Ticks < wait.Deadline) return false;
            var isHere = level == AckLevel.All || state.Store.Find(wait.Id) is not null;
            Reply(wait.Origin, isHere ? new Submitted(wait.Id, level, wait.Existing) : NotOwner);
            return true;
        });
    }

    private static int BucketOf(Command command) => command is RemoveMemberCommand ? Buckets.System : Buckets.BucketOf(command switch
    {
        SubmitCommand submit => submit.Id.Place,
        GetCommand get => get.Id.Place,
        CancelCommand cancel => cancel.Id.Place,
        ExplainCommand explain => explain.Id.Place,
        _ => 0,
    });

    private void Reply(Origin origin, Reply reply) => state.Send(origin.Node, new ForwardAnswer(origin.Request, reply));

    private void Answer(long commandId, Reply reply) => state.Outbox.Add(new Answer(commandId, reply));

    private readonly record struct Origin(NodeId Node, long Request);

    private sealed record SubmitWait(Origin Origin, WorkflowId Id, LastWrite[] Writes, AckLevel Level, bool Existing, long Deadline);

    private sealed record GetWait(Origin Origin, long Deadline, ulong Known, string Task);
}
