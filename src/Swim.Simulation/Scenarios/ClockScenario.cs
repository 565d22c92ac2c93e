using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>One clock is set wrong, runs wrong, and is still wrong when its node starts again; nobody ever sets it right.</summary>
internal static class ClockScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("clock", "one clock is wrong by seconds or hours, while its node runs and when it starts again: it stops nobody", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var bad = prng.Next(nodes);
        var (set, end) = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(14));
        var faults = new FaultPlan();
        if (prng.Chance(500)) faults.Add((TimeSpan.FromSeconds(5), new DriftFault(bad, prng.Chance(500) ? 60_000 : -60_000)));
        if (prng.Chance(400)) return Cut(prng, nodes, bad, faults);
        if (prng.Chance(700)) faults.Add((set, new ClockFault(bad, Wrong(prng))));
        faults.Add((end, new CrashFault(bad, prng.Chance(500))), (end, new ClockFault(bad, Wrong(prng))), (end + TimeSpan.FromSeconds(2), new RestartFault(bad)));
        return Plan(bad, faults);
    }

    // With nobody to ask the node follows its wall clock, and writes: what it wrote then the others hold until it is due.
    private static ScenarioPlan Cut(Prng prng, int nodes, int bad, FaultPlan faults)
    {
        var (from, until) = (TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(26));
        faults.Split(from, until - from, [bad], [.. Enumerable.Range(0, nodes).Where(other => other != bad)]);
        faults.Add((from, new ClockFault(bad, prng.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)))));
        return Plan(bad, faults);
    }

    private static ScenarioPlan Plan(int bad, FaultPlan faults) => new()
    {
        Faults = faults,
        Work = new WorkloadPlan(60, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(28)),
        HealAt = TimeSpan.FromSeconds(30),
        Checkers = work => [.. Promises.All(work), new OneClockStopsNobodyChecker(bad)],
    };

    private static TimeSpan Wrong(Prng prng)
    {
        var ahead = prng.Chance(500) ? TimeSpan.FromHours(1) : prng.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        return prng.Chance(600) ? ahead : -ahead;
    }
}
