using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Network;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// Nodes are cut off one by one, each alone with its clients, on slow links, while others crash and newcomers come. Everything is asked for twice, so that owners
/// answer for what others wrote.
/// </summary>
internal static class AloneScenario
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Beyond the time for which a node that hears nobody takes itself for deaf.
    private static readonly TimeSpan LongMin = 38 * Second;
    private static readonly TimeSpan LongMax = 48 * Second;

    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("alone", "nodes are cut off alone, crash and join, and nobody promises more than is so", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var delay = TimeSpan.FromMilliseconds(5 + prng.Next(60));
        faults.Add(4 * Second, new WeatherFault(LinkConditions.Calm with { LostPerMille = prng.Next(60), DelayMax = delay }, StreamManner.Harsh));
        var order = prng.Order(nodes);
        for (var turn = 0; turn < 3 && nodes > 1; turn++)
        {
            var alone = order[turn % nodes];
            faults.Split(prng.Between(6 * Second, 22 * Second), prng.Chance(500) ? prng.Between(4 * Second, 9 * Second) : prng.Between(LongMin, LongMax), [alone], [.. order.Where(node => node != alone)]);
            var crash = prng.Between(6 * Second, 22 * Second);
            faults.Add((crash, new CrashFault(prng.Next(nodes), prng.Chance(500))), (crash + prng.Between(Second, 6 * Second), new RestartFault(prng.Next(nodes))));
        }

        if (nodes > NodeSetup.SeedNodes) faults.Add((TimeSpan.Zero, new AbsentFault(nodes - 1)), (prng.Between(7 * Second, 20 * Second), new JoinFault(nodes - 1)));
        return new ScenarioPlan
        {
            Faults = faults,
            Work = new WorkloadPlan(160, 5 * Second, 66 * Second) { AgainAfter = 1.5 * Second },
            HealAt = 71 * Second,
            Checkers = Promises.All,
        };
    }
}
