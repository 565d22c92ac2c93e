using System.Globalization;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>What the parts of the state core share: the cells, the clock, the placement, and the input being handled.</summary>
internal sealed class ReplicaState
{
    public ReplicaState(ReplicaSettings settings, Prng prng)
    {
        Settings = settings;
        Prng = prng;
        Store = new CellStore(Clock);
    }

    public ReplicaSettings Settings { get; }

    public Prng Prng { get; }

    public HybridLogicalClock Clock { get; } = new();

    public CellStore Store { get; }

    /// <summary>Who was removed.</summary>
    public Removals Removals { get; } = new();

    public NodeId Self => Settings.Self;

    /// <summary>Set by the first placement; nothing is handled before.</summary>
    public Placement Placement { get; set; } = null!;

    /// <summary>The time of the input being handled.</summary>
    public Now Now { get; set; }

    /// <summary>How far this node's clock is known to be ahead of the others', behind where negative; 0 while it is not off.</summary>
    public long ClockOffByMs { get; set; }

    /// <summary>True once this node's clock was compared with the others', or there was nobody to ask.</summary>
    public bool IsClockJudged { get; set; }

    /// <summary>The time of the input by the others' clocks: what stamps that come are judged by, so that merging goes on while this node's clock is off.</summary>
    public Now SharedNow => Now with { WallMs = Now.WallMs - ClockOffByMs };

    /// <summary>Up to when this node has heard all that anybody held, as of its last look; zero while somebody was not heard.</summary>
    public HlcTimestamp Horizon { get; set; }

    /// <summary>Where its outputs go.</summary>
    public Outbox Outbox { get; set; } = null!;

    /// <summary>True for a bucket whose writes spread by gossip.</summary>
    public bool Gossips(int bucket) => bucket == Ring.Buckets.System || Settings.Replicas > ReplicaSettings.PushedOwnersMax;

    public void Send(NodeId to, PeerMessage message) => Outbox.Add(new SendToPeer(to, message));

    public Dot Write(CellKey key, byte[] payload) => Store.Write(Self, Clock.Tick(Now), key, payload);

    /// <summary>True where a later writer id of this node is known than its own.</summary>
    public bool IsWriterGivenUp => Store.Writers.IsSuperseded(Store.Actor) && !Planted.Is(Mutant.GivenUpWriterGoesOn);

    /// <summary>The writer id that this node takes next.</summary>
    public ulong NextWriter()
    {
        var family = WriterId.FamilyOf(Self);
        var others = Placement.OtherHolders.Concat(Placement.LeftMembers).Concat(Removals.All.Select(static removal => removal.Node));
        var isShared = others.Any(node => node != Self && WriterId.FamilyOf(node) == family);
        return WriterId.Next(Self, Store.Writers.NewestOf(family), isShared, Math.Max(Now.WallMs, Clock.Last.PhysicalMs), Prng);
    }

    /// <summary>Writes where a task stands, and tells of it.</summary>
    public Dot WriteStatus(WorkflowId workflow, int task, HlcTimestamp stamp, TaskStatus status)
    {
        // A claim is told by whoever writes it: with how long the task waited.
        if (status.State != TaskState.Claimed)
            Outbox.Notify(new TaskMoved(workflow, NameOf(workflow, task), status.Attempt, status.State, status.Detail.Executor, status.Detail.ErrorCode));
        return Store.Write(Self, stamp, new CellKey(workflow, CellKind.Status, new Subkey((ulong)task)), CellPayloads.Encode(status));
    }

    /// <summary>The task's name within the workflow; its index where the definition is not here.</summary>
    public string NameOf(WorkflowId workflow, int task) =>
        Store.Find(workflow)?.Definition is { } definition && task < definition.Tasks.Count ? definition.Tasks[task].Id : task.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes what was submitted. Parts come first: who has the definition mostly has them.</summary>
    public void WriteDefinition(SubmitCommand submit)
    {
        var (definition, input) = (WriteParts(submit.Id, submit.Definition), WriteParts(submit.Id, submit.Input));
        var value = new DefinitionValue(submit.Namespace, submit.Key, submit.Ack, definition, input) { Voters = VotersOf(submit) };
        Write(new CellKey(submit.Id, CellKind.Definition, default), CellPayloads.Encode(value));
    }

    // Fixed with the submission: whoever owns the bucket later, these vote.
    private NodeId[] VotersOf(SubmitCommand submit) => CanonicalWorkflow.IsMajority(submit.Definition.Span)
        ? [.. Placement.Map.HomeOwners(Ring.Buckets.BucketOf(submit.Id.Place)).ToArray().Take(DefinitionValue.VotersMax).Order()]
        : [];

    /// <summary>
    /// Writes a result, whose parts come before it; gives the dot that names it. The status that does so is written next, with the same stamp, so
    /// that results order as their statuses do.
    /// </summary>
    public Dot WriteResult(WorkflowId workflow, int task, HlcTimestamp stamp, ResultValue result, ReadOnlyMemory<byte> json)
    {
        WriteParts(workflow, json);
        var payload = RunPayloads.Encode(result);
        return Store.Write(
            Self, stamp, dot => new Cell(new CellKey(workflow, CellKind.Result, CellPayloads.ResultKey(task, dot)), stamp, Self, dot, payload),
            Ring.Buckets.BucketOf(workflow.Place));
    }

    private Blob WriteParts(WorkflowId workflow, ReadOnlyMemory<byte> bytes)
    {
        var blob = Blob.Of(bytes);
        for (var part = 0; part < blob.ChunkCount; part++)
        {
            if (Store.Find(workflow)?.Find(CellKind.Chunk, blob.KeyOf(part)) is not null) continue;
            Write(new CellKey(workflow, CellKind.Chunk, blob.KeyOf(part)), Blob.ChunkOf(bytes, part).ToArray());
        }

        return blob;
    }
}
