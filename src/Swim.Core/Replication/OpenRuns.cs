using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Which workflows this node may have something to plan for.</summary>
internal sealed class OpenRuns(ReplicaState state, ClaimBook claims)
{
    /// <summary>All of them, with those whose claims this node still watches: they may have ended while another planned.</summary>
    public IEnumerable<WorkflowId> All() => state.Store.WorkflowBuckets.SelectMany(OpenOf).Concat(claims.Workflows);

    /// <summary>Those of a bucket.</summary>
    public IEnumerable<WorkflowId> Of(int bucket) => state.Store.Find(bucket) is { } held ? OpenOf(held) : [];

    /// <summary>Whatever is held of a bucket, ended or not.</summary>
    public IEnumerable<WorkflowId> AllOf(int bucket) => state.Store.Find(bucket)?.Workflows.Select(static workflow => workflow.Id) ?? [];

    // One that has ended has nothing to plan, and only a write opens it again, which has it planned anyhow.
    private IEnumerable<WorkflowId> OpenOf(Bucket bucket) =>
        state.Placement.Plans(bucket.Number) ? bucket.Workflows.Where(static workflow => workflow.IsOpen || FlipAnswers.IsDue(workflow)).Select(static workflow => workflow.Id) : [];
}
