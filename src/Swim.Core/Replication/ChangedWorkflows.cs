using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>The workflows of which a cell changed, until somebody looks.</summary>
internal sealed class ChangedWorkflows
{
    private const int KeptMax = 1_024;
    private HashSet<WorkflowId> _changed = [];

    // While there are any, the one put there last.
    private WorkflowId _last;

    /// <summary>A cell of it changed.</summary>
    public void Add(WorkflowId workflow)
    {
        if (_last == workflow && _changed.Count > 0) return;
        _changed.Add(_last = workflow);
    }

    /// <summary>Adds all since the last call, in no order.</summary>
    public void Take(List<WorkflowId> into)
    {
        into.AddRange(_changed);
        // Clearing costs what the set once held.
        if (_changed.Count > KeptMax) _changed = [];
        else _changed.Clear();
    }

    /// <summary>The bucket is held no longer.</summary>
    public void Forget(int bucket)
    {
        _changed.RemoveWhere(workflow => Ring.Buckets.BucketOf(workflow.Place) == bucket);
        _last = default;
    }
}
