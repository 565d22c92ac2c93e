using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Checkpoints decay on one node after another and are healed by the others.</summary>
internal static class DecayScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("decay", "checkpoints decay on one node after another and are healed by the others", Plan);

    // One after the other, and with time to heal: what decays everywhere at once is gone.
    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var at = TimeSpan.FromSeconds(14);
        foreach (var node in prng.Order(nodes).Take(Math.Min(nodes - 1, 3)))
        {
            faults.Add((at, new CrashFault(node, LosesPower: true)), (at + TimeSpan.FromSeconds(0.1), new DecayFault(node)), (at + TimeSpan.FromSeconds(2), new RestartFault(node)));
            at += TimeSpan.FromSeconds(8);
        }

        return new ScenarioPlan { Faults = faults, Work = new WorkloadPlan(40, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10)), HealAt = at, Checkers = Promises.All };
    }
}
