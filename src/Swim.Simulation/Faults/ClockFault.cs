namespace Swim.Simulation.Faults;

/// <summary>Somebody sets the wall clock of a machine: it is so far ahead from now on, or behind where negative. Nothing sets it right again but another.</summary>
public sealed record ClockFault(int Node, TimeSpan Ahead) : Fault
{
    private const double SecondsMax = 8;

    /// <summary>One clock is wrong for a while, by no more than what waits until it is due.</summary>
    internal static FaultKind Kind { get; } = new("clock", 300, static _ => 2, static draw =>
    {
        var node = draw.AnyNode();
        var (at, duration) = draw.Window(1, 15);
        var ahead = draw.Prng.Between(-TimeSpan.FromSeconds(SecondsMax), TimeSpan.FromSeconds(SecondsMax));
        draw.Plan.Add((at, new ClockFault(node, ahead)), (at + duration, new ClockFault(node, TimeSpan.Zero)));
    });

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].ClockAhead = Ahead;
}

/// <summary>The clocks of a machine run too fast from now on, by so many millionths, or too slowly where negative.</summary>
public sealed record DriftFault(int Node, long Ppm) : Fault
{
    private const int PpmMax = 20_000;

    /// <summary>A clock that runs up to 2 % wrong.</summary>
    internal static FaultKind Kind { get; } = new("drift", 200, static _ => 1, static draw =>
    {
        var node = draw.AnyNode();
        var (at, duration) = draw.Window(2, 20);
        draw.Plan.Add((at, new DriftFault(node, draw.Prng.Next(2 * PpmMax) - PpmMax)), (at + duration, new DriftFault(node, 0)));
    });

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Drift(Ppm);
}
