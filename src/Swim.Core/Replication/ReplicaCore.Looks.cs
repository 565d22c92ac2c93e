using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Ring;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <content>What can be seen of the state core from outside; nothing here changes it.</content>
public sealed partial class ReplicaCore
{
    /// <summary>How many cells are held.</summary>
    public long CellCount => _state.Store.CellCount;

    /// <summary>How many workflows are held.</summary>
    public int WorkflowCount => _state.Store.WorkflowBuckets.Sum(static bucket => bucket.Workflows.Count());

    /// <summary>How many cells or frames were refused: malformed, from too far in the future, without room to wait for their time, or more results of a task than are kept.</summary>
    public long RejectedCount => _intake.RejectedCount + _state.Store.CappedCount;

    /// <summary>How many frames were refused because a stamp was more than 10 s ahead of this node's clock: some node's clock is wrong.</summary>
    public long TooFarAheadCount => _intake.TooFarAheadCount;

    /// <summary>How often a repair found a bucket to differ where both had seen the same writes: a fault of a disk or of this program.</summary>
    public long UnexplainedCount => _repairer.UnexplainedCount;

    /// <summary>How far this node's clock is ahead of the others', in milliseconds, behind where negative, while it is off and originates nothing; 0 while it is not.</summary>
    public long ClockOffByMs => _clock.OffByMs;

    /// <summary>How many members refused in the last minute what this node wrote, since its stamps were too far ahead.</summary>
    public int RefusedByCount => _clock.RefusedBy;

    /// <summary>The latest stamp that this node gave out or took note of. To look at, by this node's own loop only.</summary>
    public Clocks.HlcTimestamp LastStamp => _state.Clock.Last;

    /// <summary>How many cells were refused as malformed.</summary>
    public long MalformedCount => _intake.MalformedCount;

    /// <summary>How many tasks planned here could run and wait for a slot.</summary>
    public int WaitingCount => _planner.Credits.Waiting;

    /// <summary>How many frames wait because a stamp is 0.5 s to 10 s ahead of this node's clock.</summary>
    public int HeldFrameCount => _intake.HeldCount;

    /// <summary>How many workflows this node collected since it started.</summary>
    public long CollectedCount => _forgetter.CollectedCount;

    /// <summary>The most writer ids that the context of one bucket has an entry of.</summary>
    public int WritersMost => _cap.Most;

    /// <summary>Entries of writer ids that were given up, retired here since the start.</summary>
    public long RetiredCount => _retirement.RetiredCount;

    /// <summary>The id under which this node writes.</summary>
    public ulong Writer => _state.Store.Actor;

    /// <summary>How many tombstones are held.</summary>
    public int TombstoneCount => _forgetter.TombstoneCount;

    /// <summary>How many workflows were refused as older than all that is known here; offered again, counted again.</summary>
    public long BelowFloorCount => _intake.BelowFloorCount;

    /// <summary>How many workflows this node set aside since it started, as every other home owner refuses them.</summary>
    public long SetAsideCount => _refusals.SetAsideCount;

    /// <summary>How far that up to which this node has heard everything lies behind now: the grace at best.</summary>
    public TimeSpan FloorLag => _forgetter.Lag;

    /// <summary>Names the ring in use: equal on nodes that agree on every owner; 0 before the first placement.</summary>
    public ulong RingFingerprint => _state.Placement?.Map.Fingerprint ?? 0;

    /// <summary>The members that are up and said last that they have another ring.</summary>
    public IReadOnlyList<NodeId> OnOtherRings => _state.Placement is null ? [] : _views.Differing;

    /// <summary>How many of the workflows held have not ended.</summary>
    public int RunningCount => _state.Store.WorkflowBuckets.Sum(static bucket => bucket.Workflows.Count(static workflow => workflow.IsOpen));

    /// <summary>Who owns what, as this core sees it; null before it takes part. Used by this node's own loop only.</summary>
    public Placement? Placement => _state.Placement;

    /// <summary>True when it plans and serves, but for buckets that <see cref="IsBootstrapping"/>.</summary>
    public bool IsReady => _readiness.IsReady;

    /// <summary>True while this node is a new owner of the bucket and may lack writes of it.</summary>
    public bool IsBootstrapping(int bucket) => _bootstrapping.IsUnderWay(bucket);

    /// <summary>How many buckets this node owns anew and may lack writes of.</summary>
    public int BootstrappingCount => _bootstrapping.Count;

    /// <summary>What this node holds and should not, and hands over.</summary>
    public HandoffLook Handoff => new(_handoff.Left, _handoff.Waiting, _handoff.DroppedCount);

    /// <summary>How many buckets each home owner has still to get from this node, which holds them and should not.</summary>
    public IReadOnlyDictionary<NodeId, int> HandoffMissing => _state.Placement is null ? new SortedDictionary<NodeId, int>() : _handoff.Missing();

    /// <summary>Cells of a life of this node that was removed, of which no owner is known to have seen the writes; they take part in nothing.</summary>
    public (int Cells, int Workflows) Lost => (_lost.CellCount, _lost.WorkflowCount);

    /// <summary>True when this node leaves and has handed over everything.</summary>
    public bool IsHandedOver => _state.Placement is { IsLeaving: true } && _handoff.IsDone;

    /// <summary>A digest of the bucket's cells: equal on two replicas when their cells are; 0 when it holds none.</summary>
    public UInt128 DigestOf(int bucket) => _state.Store.Find(bucket)?.Digest ?? 0;

    /// <summary>The workflow as this replica has it, or null.</summary>
    public WorkflowView? Peek(WorkflowId workflow) =>
        _state.Store.Find(workflow) is { Run: { } run } cells
            ? WorkflowViews.Of(cells, run, AckLevel.None)
            : null;

    /// <summary>The workflows of which this replica holds a cell, ascending.</summary>
    public IEnumerable<WorkflowId> Workflows => _state.Store.WorkflowBuckets.SelectMany(static bucket => bucket.Workflows).Select(static workflow => workflow.Id).Order();

    /// <summary>The cells of a workflow as this replica has them, or null. To look at, by this node's own loop only.</summary>
    public WorkflowCells? Find(WorkflowId workflow) => _state.Store.Find(workflow);

    /// <summary>True while this replica has the tombstone of a workflow.</summary>
    public bool HasTombstone(WorkflowId workflow) => _state.Store.Find(Buckets.BucketOf(workflow.Place))?.Forgotten.Find(workflow) is not null;

    /// <summary>The buckets that hold something, ascending. To look at, by this node's own loop only.</summary>
    public IEnumerable<Bucket> Held => _state.Store.Buckets;

    // A node that was removed and does not know it yet: until it began anew nothing of it is taken in.
    private bool IsRemoved(NodeId node) =>
        _state.Removals.Find(node) is { } removal
        && _state.Placement.Find(node) is { } member && (member.Epoch <= removal.Epoch || member.State == MemberState.Left);

    private bool Plans(WorkflowId workflow) => _state.Placement.Plans(Buckets.BucketOf(workflow.Place)) && IsComplete(Buckets.BucketOf(workflow.Place));

    // An executor that sees another ring reports to an owner in its next try.
    private bool Commits(WorkflowId workflow) => _state.Placement.Acts(Buckets.BucketOf(workflow.Place)) && IsComplete(Buckets.BucketOf(workflow.Place));

    private bool IsComplete(int bucket) => _readiness.IsReady && (!_bootstrapping.IsUnderWay(bucket) || Planted.Is(Mutant.NewOwnerPlansAtOnce) || Planted.Is(Mutant.PlansBeforeExchange));
}
