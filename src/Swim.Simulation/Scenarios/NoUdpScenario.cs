using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Packets are blocked on some links or on all, in one direction or both, for most of the run; streams get through, and nothing else is wrong.</summary>
internal static class NoUdpScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("no-udp", "UDP is blocked between some nodes or all, one way or both: nobody is held for dead for that", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var (at, duration) = (prng.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6)), TimeSpan.FromSeconds(30));
        var order = prng.Order(nodes);
        var (one, other) = (order[..1], order[1..]);
        if (prng.Chance(300)) foreach (var node in order) faults.OneWay(at, duration, [node], [.. order.Where(peer => peer != node)], onlyPackets: true);
        else if (prng.Chance(500)) faults.Split(at, duration, one, other, onlyPackets: true);
        else if (prng.Chance(500)) faults.OneWay(at, duration, one, other, onlyPackets: true);
        else faults.OneWay(at, duration, other, one, onlyPackets: true);
        return new ScenarioPlan
        {
            Faults = faults,
            Work = new WorkloadPlan(40, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(34)),
            HealAt = at + duration,
            Checkers = static work => [.. Promises.All(work), new BlockedPacketsKillNobodyChecker()],
        };
    }
}
