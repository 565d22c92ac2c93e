namespace Swim.Simulation.Faults;

/// <summary>A node that lost its power finds a bit flipped in every file of its log and checkpoint when it comes back.</summary>
public sealed record DecayFault(int Node) : Fault
{
    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Decay(cluster.Draw($"decay of {Node}"));
}
