namespace Swim.Simulation.Faults;

/// <summary>A process ends without warning; with the power, what its disk had not synced may go too or be torn.</summary>
public sealed record CrashFault(int Node, bool LosesPower) : Fault
{
    /// <summary>Some nodes crash, now and then, and come back.</summary>
    internal static FaultKind Kind { get; } = new("crash", 700, static nodes => nodes / 3, static draw =>
    {
        var node = draw.AnyNode();
        var (at, duration) = draw.Window(0.1, 15);
        draw.Plan.Add((at, new CrashFault(node, draw.Prng.Chance(500))), (at + duration, new RestartFault(node)));
    });

    /// <summary>All nodes crash, and come back in another order.</summary>
    internal static FaultKind OfAll { get; } = new("crash-all", 120, static _ => 1, static draw =>
    {
        var (at, duration) = draw.Window(1, 5);
        var losesPower = draw.Prng.Chance(500);
        for (var node = 0; node < draw.Nodes; node++)
        {
            var end = at + draw.Prng.Between(TimeSpan.Zero, duration / 2);
            var start = at + (duration / 2) + draw.Prng.Between(TimeSpan.Zero, duration / 2);
            draw.Plan.Add((end, new CrashFault(node, losesPower)), (start, new RestartFault(node)));
        }
    });

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Crash(LosesPower);
}

/// <summary>A crashed node comes back with its disk.</summary>
public sealed record RestartFault(int Node) : Fault
{
    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Start();
}
