using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>All nodes crash, lose their power and come back.</summary>
internal static class RestartScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("restart", "all nodes crash, lose their power and come back", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        foreach (var node in prng.Order(nodes))
        {
            var end = TimeSpan.FromSeconds(12) + prng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2));
            var start = TimeSpan.FromSeconds(15) + prng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(6));
            faults.Add((end, new CrashFault(node, LosesPower: true)), (start, new RestartFault(node)));
        }

        // All clocks were ahead until somebody noticed while everything was down.
        if (prng.Chance(400))
        {
            var behind = prng.Between(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(9.5));
            for (var node = 0; node < nodes; node++) faults.Add((TimeSpan.FromSeconds(14.5), new ClockFault(node, -behind)));
        }

        return new ScenarioPlan { Faults = faults, Work = new WorkloadPlan(40, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(14)), HealAt = TimeSpan.FromSeconds(22), Checkers = Promises.All };
    }
}
