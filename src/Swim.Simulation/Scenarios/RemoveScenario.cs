using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// A node dies for good under load and is removed, in some seeds while the others are split; in some it comes back all the same, as a
/// newcomer.
/// </summary>
internal static class RemoveScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("remove", "a node dies for good and is removed, perhaps during a split, and perhaps comes back", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        var (victim, others) = (order[0], order[1..]);
        var faults = new FaultPlan().CrashAt(At(12), [victim], losesPower: prng.Chance(500));
        var asked = others;
        var force = false;
        if (nodes >= 4 && prng.Chance(500))
        {
            var (one, other) = (others[..(others.Length / 2)], others[(others.Length / 2)..]);
            faults.Split(At(16), TimeSpan.FromSeconds(12), one, other);
            (asked, force) = (other, true);
        }

        faults.Add(At(20), new RemoveFault(victim, asked, force || nodes < 4));
        // Also before the removal has come everywhere.
        if (prng.Chance(500)) faults.Add(At(20) + prng.Between(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(12)), new RestartFault(victim));
        return new ScenarioPlan
        {
            Faults = faults,
            Work = new WorkloadPlan(40, At(4), At(24)),
            HealAt = At(34),
            HealsNothing = true,
            Within = TimeSpan.FromSeconds(120),
            Checkers = Promises.AfterRemovals,
        };
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
