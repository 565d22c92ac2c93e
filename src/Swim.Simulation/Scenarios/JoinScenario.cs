using Swim.Core.Primitives;
using Swim.Simulation.Checkers;

namespace Swim.Simulation.Scenarios;

/// <summary>All nodes start at once and form a full view.</summary>
internal static class JoinScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("join", "all nodes start at once and form a full view", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes) => new()
    {
        Checkers = _ => [new FullViewChecker(), new EqualViewsChecker()],
        Within = TimeSpan.FromSeconds(60),
    };
}
