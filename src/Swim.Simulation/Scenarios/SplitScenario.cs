using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>A split with workflows on both sides heals to equal state.</summary>
internal static class SplitScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("split", "a split with workflows on both sides heals to equal state", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        return new ScenarioPlan
        {
            Faults = nodes < 2 ? new FaultPlan() : new FaultPlan().Split(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25), order[..(nodes / 2)], order[(nodes / 2)..]),
            Work = new WorkloadPlan(40, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30)),
            HealAt = TimeSpan.FromSeconds(35),
            Checkers = Promises.All,
        };
    }
}
