namespace Swim.Simulation.Faults;

/// <summary>Something that befalls the cluster from outside, at one moment. Each has a file of its own, with the kind that draws it.</summary>
public abstract record Fault
{
    /// <summary>The same in a cluster of which only the first <paramref name="nodes"/> are there; null where nothing is left of it.</summary>
    internal virtual Fault? Within(int nodes) => this;

    /// <summary>Does it.</summary>
    internal abstract void Befall(Simulator cluster);
}
