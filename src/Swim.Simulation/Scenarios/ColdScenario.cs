using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Scenarios;

/// <summary>All nodes start at one moment, their seeds a second later: soon every node plans.</summary>
internal static class ColdScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("cold", "all nodes start at one moment, their seeds a second later: soon every node plans", Plan);

    // After the seeds come: the longest wait that a retry before them may have left, then rounds of gossip until all have heard of all.
    private static ScenarioPlan Plan(Prng prng, int nodes) => new()
    {
        StartWithin = TimeSpan.Zero,
        SeedsMissing = Math.Min(NodeSetup.SeedNodes, nodes - 1),
        HealAt = TimeSpan.FromSeconds(0.3),
        Within = TimeSpan.FromSeconds(0.65 + (0.2 * Math.Ceiling(Math.Log2(nodes)))),
        Checkers = _ => [new FullViewChecker(), new EqualViewsChecker(), new AllPlanChecker()],
    };
}
