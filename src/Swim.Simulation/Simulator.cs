using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Network;
using Swim.Simulation.Nodes;
using Swim.Simulation.Time;

namespace Swim.Simulation;

/// <summary>
/// A cluster of whole nodes on virtual time, from one seed: the same seed gives the same run, event for event, in every process.
/// Single-threaded; several simulators may run on several threads, since they share nothing.
/// </summary>
public sealed class Simulator
{
    private readonly SimNode[] _nodes;

    /// <summary>
    /// A cluster of <paramref name="nodes"/> machines, none of which runs yet. With another <paramref name="shake"/> the network and the nodes
    /// meet other chances, while what was drawn for the run stays.
    /// </summary>
    public Simulator(ulong seed, int nodes, int shake = 0)
    {
        Invariant.Holds(nodes is >= 1 and <= 5_000, "a simulated cluster has 1 to 5,000 nodes");
        Seed = seed;
        var setups = Enumerable.Range(0, nodes).Select(index => NodeSetup.Draw(seed, index, nodes)).ToArray();
        _nodes = [.. setups.Select(setup => new SimNode(setup))];
        var chance = shake == 0 ? seed : StableHash.Of(seed, (ulong)shake);
        Network = new SimNetwork(Timeline, new Prng(StableHash.Of("network", chance)), _nodes);
        World = new SimWorld(chance, Timeline, Network, setups);
        foreach (var node in _nodes) node.Connect(World);
    }

    /// <summary>What everything random comes from.</summary>
    public ulong Seed { get; }

    /// <summary>The machines, by index.</summary>
    public IReadOnlyList<SimNode> Nodes => _nodes;

    /// <summary>Those whose process runs.</summary>
    public IEnumerable<SimNode> UpNodes => _nodes.Where(node => node.IsUp);

    /// <summary>What joins them.</summary>
    public SimNetwork Network { get; }

    /// <summary>Virtual time and the trace.</summary>
    public Timeline Timeline { get; } = new();

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Elapsed => new(Timeline.Ticks);

    /// <summary>The true time, in milliseconds since 1970.</summary>
    internal long TrueMs => MachineClock.TrueMs(Timeline.Ticks);

    /// <summary>What the nodes reported.</summary>
    public NoticeCounts Notices => World.Notices;

    /// <summary>The cluster that all nodes belong to.</summary>
    public static ulong ClusterId => NodeSetup.Cluster;

    /// <summary>R: how many home owners a bucket has.</summary>
    public int Replicas => World.Replicas;

    /// <summary>The machines that were removed as members; one that runs again since has come back.</summary>
    internal SortedSet<int> Removed { get; } = [];

    /// <summary>True once <see cref="Heal"/> ended all faults.</summary>
    public bool IsHealed { get; private set; }

    internal SimWorld World { get; }

    internal List<IWatcher> Watchers { get; } = [];

    /// <summary>How often watchers look, and whether the run may end is asked.</summary>
    internal TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A random source of its own for each <paramref name="purpose"/>: drawing from one does not shift another.</summary>
    public Prng Draw(string purpose) => new(StableHash.Of(purpose, Seed));

    /// <summary>Starts a node after <paramref name="delay"/>.</summary>
    public void StartNode(int index, TimeSpan delay) => Post(EventKind.Start, index, delay, _nodes[index].Start);

    /// <summary>Lets something from outside the cluster happen after <paramref name="delay"/>.</summary>
    internal void Post(EventKind kind, int node, TimeSpan delay, Action happen) =>
        Timeline.After(delay, new SimEvent(kind, node, null, default, happen));

    /// <summary>Runs for so long.</summary>
    public void RunFor(TimeSpan duration) => RunUntil(static () => false, duration);

    /// <summary>Runs until <paramref name="condition"/> holds, looking every <see cref="LookEvery"/>; false when it does not <paramref name="within"/> that time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        for (var end = Timeline.Ticks + within.Ticks; ;)
        {
            if (condition()) return true;
            if (Timeline.Ticks >= end) return false;
            Timeline.RunUntil(Math.Min(end, Timeline.Ticks + LookEvery.Ticks));
            foreach (var watcher in Watchers) watcher.Look(this);
        }
    }

    /// <summary>Ends all faults: the network is calm and whole, disks are as fast as ever, and every machine runs but those that left. A pause ends by itself.</summary>
    public void Heal()
    {
        IsHealed = true;
        Network.Cuts.Clear();
        Network.PacketCuts.Clear();
        Network.Conditions = LinkConditions.Calm;
        Network.Manner = StreamManner.Breaks;
        foreach (var node in _nodes.Where(static node => !node.HasLeft))
        {
            (node.IsAbsent, node.SlowSyncMax) = (false, TimeSpan.Zero);
            node.Start();
        }
    }
}
