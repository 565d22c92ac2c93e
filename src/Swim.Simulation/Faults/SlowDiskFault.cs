namespace Swim.Simulation.Faults;

/// <summary>A node's disk takes up to so long for a sync, from now on; zero: as long as it always did.</summary>
public sealed record SlowDiskFault(int Node, TimeSpan SyncMax) : Fault
{
    /// <summary>Some disks are slow for a while: 10 ms to 2 s for a sync.</summary>
    internal static FaultKind Kind { get; } = new("slow-disk", 250, static nodes => nodes / 3, static draw =>
    {
        var node = draw.AnyNode();
        var (at, duration) = draw.Window(0.5, 12);
        var longest = TimeSpan.FromMilliseconds(draw.Prng.Chance(500) ? 10 + draw.Prng.Next(90) : 100 + draw.Prng.Next(1_900));
        draw.Plan.Add((at, new SlowDiskFault(node, longest)), (at + duration, new SlowDiskFault(node, TimeSpan.Zero)));
    });

    internal override Fault? Within(int nodes) => Node < nodes ? this : null;

    internal override void Befall(Simulator cluster) => cluster.Nodes[Node].SlowSyncMax = SyncMax;
}
