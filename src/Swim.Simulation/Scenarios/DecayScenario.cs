using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Log and checkpoints decay on one node after another and are healed by the others.</summary>
internal static class DecayScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("decay", "log and checkpoints decay on one node after another and are healed by the others", Plan);

    // One after the other, and with time to heal: what decays everywhere at once is gone. Each was cut off a moment before, under load, so that what
    // decays is also what it learned of the others since.
    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var at = TimeSpan.FromSeconds(14);
        foreach (var node in prng.Order(nodes).Take(Math.Min(nodes - 1, 3)))
        {
            faults.Split(at - TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3.5), [node], [.. Enumerable.Range(0, nodes).Where(other => other != node)]);
            faults.Add((at, new CrashFault(node, LosesPower: true)), (at + TimeSpan.FromSeconds(0.1), new DecayFault(node)), (at + TimeSpan.FromSeconds(2), new RestartFault(node)));
            at += TimeSpan.FromSeconds(8);
        }

        return new ScenarioPlan { Faults = faults, Work = new WorkloadPlan(60, TimeSpan.FromSeconds(4), at), HealAt = at, Checkers = static work => [.. Promises.All(work), new CorruptBucketRefetchedChecker(work!)] };
    }
}
