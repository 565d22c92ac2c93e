using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// Which ring each member has, as it said with its last answer to a repair. Members that differ for longer than a change takes to spread do not know of the same
/// members, or are of versions that place otherwise.
/// </summary>
internal sealed class RingViews(ReplicaState state)
{
    private readonly SortedDictionary<NodeId, ulong> _said = [];

    /// <summary>The members that are up and said last that they have another ring than this node has now, ascending.</summary>
    public IReadOnlyList<NodeId> Differing =>
        [.. _said.Where(said => said.Value != state.Placement.Map.Fingerprint && !state.Placement.IsDown(said.Key)).Select(static said => said.Key)];

    /// <summary>A message of a member; strangers are not taken note of.</summary>
    public void Note(NodeId from, PeerMessage message)
    {
        var ring = message switch { RepairGroups groups => groups.Ring, RepairDigests digests => digests.Ring, _ => 0UL };
        if (ring != 0 && state.Placement.Find(from) is not null) _said[from] = ring;
    }
}
