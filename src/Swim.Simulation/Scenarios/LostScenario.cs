using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>A node under load crashes and never comes back: the others end what it had begun.</summary>
internal static class LostScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("lost", "a node under load crashes and never comes back: the others end what it had begun", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes) => new()
    {
        Faults = new FaultPlan().CrashAt(TimeSpan.FromSeconds(15), [prng.Next(nodes)]),
        Work = new WorkloadPlan(40, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(20)),
        HealAt = TimeSpan.FromSeconds(20),
        HealsNothing = true,
        Within = TimeSpan.FromSeconds(60),
        Checkers = work => Promises.WithoutTheLost(work!),
    };
}
