using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// What other home owners refuse of this node's workflows. One that all of them refuse is set aside: it is on this node's disk and shown to
/// nobody. The word of one is never enough where there are more. Kept in memory: whoever refuses says so again.
/// </summary>
internal sealed class Refusals(ReplicaState state)
{
    /// <summary>Workflows for which words are counted at once; others wait.</summary>
    public const int CountMax = 4_096;

    private readonly SortedDictionary<WorkflowId, SortedSet<NodeId>> _words = [];
    private ulong _ring;

    /// <summary>Workflows set aside here since the start.</summary>
    public long SetAsideCount { get; private set; }

    /// <summary>A node refuses workflows that this one offered.</summary>
    public void OnRefused(NodeId from, WorkflowsRefused refused)
    {
        if (_ring != state.Placement.Map.Fingerprint) _words.Clear();
        _ring = state.Placement.Map.Fingerprint;
        if (!state.Placement.Map.IsHomeOwner(refused.Bucket, from) || state.Store.Find(refused.Bucket) is not { } bucket) return;
        var aside = refused.Workflows.Where(id => bucket.Find(id) is not null && IsRefusedByAll(from, id, refused.Bucket)).Distinct().ToList();
        if (aside.Count == 0) return;
        state.Store.Forget(new Forgetting(refused.Bucket, HlcTimestamp.Zero, [], aside));
        SetAsideCount += aside.Count;
        foreach (var id in aside)
        {
            _words.Remove(id);
            state.Outbox.Notify(new WorkflowSetAside(id));
        }
    }

    private bool IsRefusedByAll(NodeId from, WorkflowId id, int bucket)
    {
        if (!_words.TryGetValue(id, out var words))
        {
            if (_words.Count >= CountMax) return false;
            _words[id] = words = [];
        }

        words.Add(from);
        foreach (var home in state.Placement.Map.HomeOwners(bucket))
        {
            if (home != state.Self && !words.Contains(home)) return false;
        }

        return true;
    }
}
