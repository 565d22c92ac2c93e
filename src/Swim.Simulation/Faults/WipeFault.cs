namespace Swim.Simulation.Faults;

/// <summary>A machine's disk is replaced by an empty one; the process, if it runs, ends.</summary>
public sealed record WipeFault(int Node) : Fault
{
    /// <summary>A node loses its disk and comes back with nothing but its id.</summary>
    internal static FaultKind Kind { get; } = new("wipe", 200, static _ => 2, static draw =>
    {
        var node = draw.AnyNode();
        var (at, duration) = draw.Window(0.5, 8);
        draw.Plan.Add((at, new WipeFault(node)), (at + duration, new RestartFault(node)));
    });

    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Wipe();
}
