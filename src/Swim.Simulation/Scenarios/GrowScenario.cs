using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Half of the nodes join a cluster at work, one after the other or at once.</summary>
internal static class GrowScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("grow", "half of the nodes join while work goes on, and nobody is told a wrong thing", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        for (var node = Math.Max(NodeSetup.SeedNodes, nodes - (nodes / 2)); node < nodes; node++)
            faults.Add((TimeSpan.Zero, new AbsentFault(node)), (prng.Between(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(20)), new JoinFault(node)));

        return new ScenarioPlan
        {
            Faults = faults,
            Work = new WorkloadPlan(40, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(22)) { ReadsOften = true },
            HealAt = TimeSpan.FromSeconds(26),
            Checkers = Promises.WhileGrowing,
        };
    }
}
