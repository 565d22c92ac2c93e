using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Network;
using Swim.Simulation.Nodes;
using Swim.Simulation.Time;

namespace Swim.Simulation;

/// <summary>What all simulated nodes share: time, the network, and what is observed of them. No node reads another's memory.</summary>
internal sealed class SimWorld(ulong seed, Timeline timeline, SimNetwork network, IReadOnlyList<NodeSetup> nodes)
{
    private readonly SortedDictionary<NodeId, int> _indexes = new(nodes.ToDictionary(node => node.Id, node => node.Index));

    /// <summary>What everything random comes from.</summary>
    public ulong Seed => seed;

    /// <summary>Time and what is to happen.</summary>
    public Timeline Timeline => timeline;

    /// <summary>What joins the nodes.</summary>
    public SimNetwork Network => network;

    /// <summary>How long workflows are kept, on all nodes.</summary>
    public ForgettingOptions Forgetting { get; set; } = new();

    /// <summary>What the nodes reported.</summary>
    public NoticeCounts Notices { get; } = new();

    /// <summary>Who looks on.</summary>
    public Observers Observers { get; } = new();

    /// <summary>R, on every node; set before the first one starts.</summary>
    public int Replicas { get; set; } = 3;

    /// <summary>The index of a node; -1 for a stranger.</summary>
    public int IndexOf(NodeId node) => _indexes.GetValueOrDefault(node, -1);

    /// <summary>The identity of the node at an index.</summary>
    public NodeId IdOf(int index) => nodes[index].Id;
}
