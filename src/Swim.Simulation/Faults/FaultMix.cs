using Swim.Core.Primitives;

namespace Swim.Simulation.Faults;

/// <summary>
/// Draws a plan in which each kind of fault is either there or not: each seed its own mix, since faults of one kind hide what
/// another would show (swarm testing: Groce et al. 2012). Another kind is one more line here: it does not change what a seed has of the others.
/// </summary>
internal static class FaultMix
{
    // In a scenario of its own, since it excuses much.
    private static readonly FaultKind[] WithDiskLoss = [WipeFault.Kind, RestoreFault.Kind];

    private static readonly FaultKind[] Kinds =
    [
        WeatherFault.Kind,
        CutFault.Split,
        CutFault.OneWay,
        CutFault.Flap,
        CutFault.Packets,
        CrashFault.Kind,
        CrashFault.OfAll,
        PauseFault.Kind,
        LeaveFault.Kind,
        AbsentFault.Late,
        ClockFault.Kind,
        DriftFault.Kind,
        SlowDiskFault.Kind,
        UnheardJoin.Kind,
    ];

    /// <summary>A plan of faults between the two times; where asked for, with disks that are wiped or set back.</summary>
    public static FaultPlan Draw(Prng prng, int nodes, TimeSpan from, TimeSpan until, bool losesDisks = false)
    {
        var plan = new FaultPlan();
        var seed = prng.NextUInt64();
        foreach (var kind in losesDisks ? [.. Kinds, .. WithDiskLoss] : Kinds) kind.Draw(new FaultDraw(new Prng(StableHash.Of(kind.Name, seed)), nodes, from, until, plan));
        return plan;
    }
}
