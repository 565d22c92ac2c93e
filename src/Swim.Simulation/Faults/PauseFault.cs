namespace Swim.Simulation.Faults;

/// <summary>A process stands still for a while and then goes on as if nothing had been.</summary>
public sealed record PauseFault(int Node, TimeSpan Duration) : Fault
{
    /// <summary>Some nodes stand still, up to as long as it takes to be held for dead.</summary>
    internal static FaultKind Kind { get; } = new("pause", 400, static nodes => nodes / 4, static draw =>
    {
        var (at, duration) = draw.Window(0.1, 10);
        draw.Plan.Add(at, new PauseFault(draw.AnyNode(), duration));
    });

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Pause(Duration);
}
