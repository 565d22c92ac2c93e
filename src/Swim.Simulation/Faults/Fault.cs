using Swim.Simulation.Network;

namespace Swim.Simulation.Faults;

/// <summary>Something that befalls the cluster from outside, at one moment.</summary>
public abstract record Fault
{
    /// <summary>Does it.</summary>
    internal abstract void Befall(Simulator cluster);
}

/// <summary>A process ends without warning; with the power, what its disk had not synced may go too.</summary>
public sealed record CrashFault(int Node, bool LosesPower) : Fault
{
    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Crash(LosesPower);
}

/// <summary>A crashed node comes back with its disk.</summary>
public sealed record RestartFault(int Node) : Fault
{
    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Start();
}

/// <summary>A node that lost its power finds a bit flipped in every file of its checkpoint when it comes back.</summary>
public sealed record DecayFault(int Node) : Fault
{
    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Decay(cluster.Draw($"decay of {Node}"));
}

/// <summary>A process stands still for a while and then goes on as if nothing had been.</summary>
public sealed record PauseFault(int Node, TimeSpan Duration) : Fault
{
    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Pause(Duration);
}

/// <summary>Nothing gets from the one side to the other any more.</summary>
public sealed record CutFault(IReadOnlyList<int> From, IReadOnlyList<int> To) : Fault
{
    internal override void Befall(Simulator cluster) => cluster.Network.Cuts.Cut(From, To);
}

/// <summary>One <see cref="CutFault"/> of the same sides is over.</summary>
public sealed record MendFault(IReadOnlyList<int> From, IReadOnlyList<int> To) : Fault
{
    internal override void Befall(Simulator cluster) => cluster.Network.Cuts.Mend(From, To);
}

/// <summary>From now on every link behaves otherwise.</summary>
public sealed record WeatherFault(LinkConditions Conditions, StreamManner Manner) : Fault
{
    internal override void Befall(Simulator cluster) => (cluster.Network.Conditions, cluster.Network.Manner) = (Conditions, Manner);
}
