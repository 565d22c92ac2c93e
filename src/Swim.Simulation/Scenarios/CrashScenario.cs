using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;

namespace Swim.Simulation.Scenarios;

/// <summary>A tenth of the nodes crash and all others find out.</summary>
internal static class CrashScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("crash", "a tenth of the nodes crash and all others find out", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        return new ScenarioPlan
        {
            Faults = new FaultPlan().CrashAt(TimeSpan.FromSeconds(15), order[..Math.Clamp(nodes / 10, 1, Math.Max(1, nodes - 1))]),
            HealAt = TimeSpan.FromSeconds(15.5),
            HealsNothing = true,
            Within = TimeSpan.FromSeconds(60),
            Checkers = _ => [new FullViewChecker(), new EqualViewsChecker(), new CrashedFoundByAllChecker()],
        };
    }
}
