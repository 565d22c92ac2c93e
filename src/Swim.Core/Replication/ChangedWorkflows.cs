using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>The workflows of which a cell changed, until somebody looks.</summary>
internal sealed class ChangedWorkflows
{
    private SortedSet<WorkflowId> _changed = [];

    // While there are any, the one put there last.
    private WorkflowId _last;

    /// <summary>A cell of it changed.</summary>
    public void Add(WorkflowId workflow)
    {
        if (_last == workflow && _changed.Count > 0) return;
        _changed.Add(_last = workflow);
    }

    /// <summary>All since the last call.</summary>
    public SortedSet<WorkflowId> Take()
    {
        var changed = _changed;
        _changed = [];
        return changed;
    }

    /// <summary>The bucket is held no longer.</summary>
    public void Forget(int bucket)
    {
        _changed.RemoveWhere(workflow => Ring.Buckets.BucketOf(workflow.Place) == bucket);
        _last = default;
    }
}
