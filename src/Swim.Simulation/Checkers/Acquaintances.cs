using Swim.Core.Primitives;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Checkers;

/// <summary>Which nodes each node has ever taken for members, in whichever life: what it forgets is not forgotten here.</summary>
internal sealed class Acquaintances : IWatcher
{
    private readonly SortedDictionary<int, HashSet<NodeId>> _met = [];

    /// <inheritdoc/>
    public void Look(Simulator cluster)
    {
        foreach (var node in cluster.UpNodes)
        {
            if (node.Members is not { } members) continue;
            if (!_met.TryGetValue(node.Index, out var met)) _met[node.Index] = met = [];
            if (met.Count < cluster.Nodes.Count) met.UnionWith(members.Members.Keys);
        }
    }

    /// <summary>
    /// True when the first has met the second. One that has met nobody counts as having met all: it has yet to join. Two that met each other while a split kept
    /// them from the rest are a cluster of their own until they hear of it.
    /// </summary>
    public bool Met(int node, SimNode other) => !_met.TryGetValue(node, out var met) || met.Count < 2 || met.Contains(other.Id);
}
