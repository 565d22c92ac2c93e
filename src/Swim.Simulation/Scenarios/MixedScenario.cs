using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Each seed its own mix of faults, then health.</summary>
internal static class MixedScenario
{
    private const int AllMembersMax = 32;

    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("mixed", "each seed its own mix of every fault but the loss of disks, then health", static (prng, nodes) => Plan(prng, nodes, false));

    /// <summary>The same, with disks that are wiped or set back.</summary>
    public static Scenario WithDiskLoss { get; } = new("disks", "the same with disks that are wiped or set back", static (prng, nodes) => Plan(prng, nodes, true));

    private static ScenarioPlan Plan(Prng prng, int nodes, bool losesDisks) => new()
    {
        StartWithin = TimeSpan.FromSeconds(1 + prng.Next(5)),
        Faults = FaultMix.Draw(prng, nodes, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(34), losesDisks),
        Work = new WorkloadPlan(20 + prng.Next(30), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(32), 1 + prng.Next(20)),
        HealAt = TimeSpan.FromSeconds(34),
        Checkers = Promises.All,
        // Who holds everything at each of many nodes wants it slow.
        Replicas = prng.Chance(150) && nodes <= AllMembersMax ? ReplicaSettings.AllMembers : 3,
    };
}
