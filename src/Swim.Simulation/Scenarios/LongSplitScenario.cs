using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// A split that lasts: both sides have long held the other for dead, and, where it outlasts the grace of forgetting, have a floor that waited for it. Clients
/// ask both sides from before it until after.
/// </summary>
internal static class LongSplitScenario
{
    private static readonly TimeSpan Begins = TimeSpan.FromSeconds(20);

    /// <summary>An hour, as on the command line.</summary>
    public static Scenario Hour { get; } = new("split-1h", "a split of an hour with workflows on both sides loses nothing", static (prng, nodes) => Plan(prng, nodes, TimeSpan.FromHours(1), 120));

    /// <summary>Two days, as on the command line.</summary>
    public static Scenario TwoDays { get; } = new("split-48h", "a split of two days with workflows on both sides loses nothing", static (prng, nodes) => Plan(prng, nodes, TimeSpan.FromHours(48), 600));

    private static ScenarioPlan Plan(Prng prng, int nodes, TimeSpan length, int submissions)
    {
        var order = prng.Order(nodes);
        var smaller = 1 + prng.Next(Math.Max(1, nodes / 2));
        var heals = Begins + length;
        return new ScenarioPlan
        {
            Faults = nodes < 2 ? new FaultPlan() : new FaultPlan().Split(Begins, length, order[..smaller], order[smaller..]),
            Work = new WorkloadPlan(submissions, TimeSpan.FromSeconds(8), heals + TimeSpan.FromSeconds(10)),
            HealAt = heals + TimeSpan.FromSeconds(10),
            LookEvery = length / 3_600,
            Within = TimeSpan.FromMinutes(10),
            Checkers = Promises.All,
        };
    }
}
