using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Replication;

/// <summary>The removed members changed, as far as they are durable here: for the membership. All of them, ascending by node.</summary>
public sealed record RemovalsChanged(IReadOnlyList<Removal> Removals) : Output;

/// <summary>The members that were removed, as the system bucket tells: of each node the latest removal.</summary>
internal sealed class Removals
{
    private readonly SortedDictionary<NodeId, Removal> _byNode = [];
    private long _version;

    /// <summary>All, ascending by node.</summary>
    public IReadOnlyList<Removal> All => [.. _byNode.Values];

    /// <summary>The latest removal of a node, or null.</summary>
    public Removal? Find(NodeId node) => _byNode.GetValueOrDefault(node);

    /// <summary>Reads the bucket where it changed since the last time; true when a removal was new.</summary>
    public bool Refresh(CellStore store)
    {
        if (store.Find(Buckets.System) is not { } bucket || bucket.Version == _version) return false;
        _version = bucket.Version;
        var isNew = false;
        foreach (var cell in bucket.Cells.Where(static cell => cell.Key.Kind == CellKind.MemberRemoved)) isNew |= Add(SystemCells.Removal(cell));
        return isNew;
    }

    private bool Add(Removal removal)
    {
        if (_byNode.TryGetValue(removal.Node, out var known) && known.Epoch >= removal.Epoch) return false;
        _byNode[removal.Node] = removal;
        return true;
    }
}
