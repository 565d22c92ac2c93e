using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Both sides of a split run the same tasks, with results that depend on who ran them.</summary>
internal static class FlipsScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("flips", "both sides of a split run the same tasks and get different results", Plan);

    /// <summary>As on the command line: the same through every fault, where ends of attempts may be lost with their executors.</summary>
    public static Scenario Mixed { get; } = new("flips-mixed", "tasks with results that depend on who ran them, through every fault", PlanMixed);

    private static ScenarioPlan PlanMixed(Prng prng, int nodes) => new()
    {
        Faults = FaultMix.Draw(prng, nodes, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(34)),
        Work = new WorkloadPlan(30, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), 8) { DelayMsMax = 3_000, TellsWhoRan = true, MajorityPerMille = 150 },
        HealAt = TimeSpan.FromSeconds(34),
        Checkers = static work => work is null ? [] : [.. Promises.OfFlips(work).Where(static checker => checker is not MergesAreToldChecker)],
    };

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        return new ScenarioPlan
        {
            Faults = nodes < 2 ? new FaultPlan() : new FaultPlan().Split(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), order[..(nodes / 2)], order[(nodes / 2)..]),
            Work = new WorkloadPlan(30, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(11), 8) { DelayMsMax = 5_000, TellsWhoRan = true },
            HealAt = TimeSpan.FromSeconds(31),
            Checkers = static work => work is null ? [] : Promises.OfFlips(work),
        };
    }
}
