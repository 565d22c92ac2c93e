namespace Swim.Simulation.Faults;

/// <summary>Somebody copies what is on a node's disk, as if the power failed at that moment.</summary>
public sealed record BackupFault(int Node) : Fault
{
    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Backup();
}

/// <summary>A node's disk is set back to its last <see cref="BackupFault"/>; the process, if it runs, ends.</summary>
public sealed record RestoreFault(int Node) : Fault
{
    /// <summary>A node comes back with what its disk had seconds ago: with fewer writes of its own than others have seen.</summary>
    internal static FaultKind Kind { get; } = new("restore", 200, static _ => 2, static draw =>
    {
        var node = draw.AnyNode();
        var (backup, duration) = draw.Window(4, 16);
        var restore = backup + draw.Prng.Between(TimeSpan.FromSeconds(0.1), duration);
        var start = restore + draw.Prng.Between(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(6));
        draw.Plan.Add((backup, new BackupFault(node)), (restore, new RestoreFault(node)), (start, new RestartFault(node)));
    });

    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].Restore();
}
