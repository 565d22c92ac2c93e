using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Which workflows this node has something to plan for, where that does not follow from a cell; has the planner look at what it must.</summary>
internal sealed class OpenRuns(ReplicaState state, ClaimBook claims)
{
    /// <summary>
    /// All of them, each to be looked at as a whole: the planner is new, or other members are there. With those whose claims this node
    /// still watches: they may have ended while another planned.
    /// </summary>
    public List<WorkflowId> All() => [.. state.Store.WorkflowBuckets.SelectMany(OpenOf), .. claims.Workflows];

    /// <summary>Those of a bucket, each to be looked at as a whole.</summary>
    public List<WorkflowId> Of(int bucket) => state.Store.Find(bucket) is { } held ? OpenOf(held) : [];

    /// <summary>Those of a bucket with tasks that wait for their retry; these are to be looked at.</summary>
    public List<WorkflowId> RetryingOf(int bucket)
    {
        var retrying = new List<WorkflowId>();
        if (!state.Placement.Plans(bucket) || state.Store.Find(bucket) is not { } held) return retrying;
        foreach (var workflow in held.Workflows)
        {
            if (workflow.Run is not { } run || run.CountOf(TaskState.RetryWait) == 0) continue;
            run.TouchRetrying();
            retrying.Add(workflow.Id);
        }

        return retrying;
    }

    /// <summary>Whatever is held of a bucket, ended or not.</summary>
    public IEnumerable<WorkflowId> AllOf(int bucket) => state.Store.Find(bucket)?.Workflows.Select(static workflow => workflow.Id) ?? [];

    // One that has ended has nothing to plan, and only a write opens it again, which has it planned anyhow.
    private List<WorkflowId> OpenOf(Bucket bucket)
    {
        var open = new List<WorkflowId>();
        if (!state.Placement.Plans(bucket.Number)) return open;
        foreach (var workflow in bucket.Workflows)
        {
            if (!workflow.IsOpen && !FlipAnswers.IsDue(workflow)) continue;
            workflow.Run!.TouchAll();
            open.Add(workflow.Id);
        }

        return open;
    }
}
