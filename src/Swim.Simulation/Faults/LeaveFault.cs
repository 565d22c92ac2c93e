namespace Swim.Simulation.Faults;

/// <summary>A node is told to leave the cluster: it hands over what it holds, and ends. Nothing happens where fewer than three others would stay.</summary>
public sealed record LeaveFault(int Node) : Fault
{
    private const int StayMin = 3;

    /// <summary>Some nodes leave, whatever else happens.</summary>
    internal static FaultKind Kind { get; } = new("leave", 250, static nodes => nodes / 4, static draw =>
    {
        var node = draw.AnyNode();
        var (at, _) = draw.Window(0.1, 1);
        draw.Plan.Add((at, new LeaveFault(node)));
    });

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster)
    {
        if (cluster.Nodes.Count(other => other.Index != Node && !other.HasLeft && !other.IsLeaving) >= StayMin) cluster.Nodes[Node].BeginLeaving();
    }
}

/// <summary>Until a <see cref="JoinFault"/> there is no such machine. Planned for the start of a run.</summary>
public sealed record AbsentFault(int Node) : Fault
{
    /// <summary>Some nodes, none of the seeds, come late.</summary>
    internal static FaultKind Late { get; } = new("late", 250, static nodes => nodes / 4, static draw =>
    {
        if (draw.Nodes <= Nodes.NodeSetup.SeedNodes) return;
        var node = Nodes.NodeSetup.SeedNodes + draw.Prng.Next(draw.Nodes - Nodes.NodeSetup.SeedNodes);
        var (at, _) = draw.Window(0.1, 1);
        draw.Plan.Add((TimeSpan.Zero, new AbsentFault(node)), (at, new JoinFault(node)));
    });

    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].IsAbsent = true;
}

/// <summary>A machine that was absent is there, and starts.</summary>
public sealed record JoinFault(int Node) : Fault
{
    /// <inheritdoc/>
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster)
    {
        cluster.Nodes[Node].IsAbsent = false;
        cluster.Nodes[Node].Start();
    }
}
