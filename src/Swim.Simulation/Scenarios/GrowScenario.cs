using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Network;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// Half of the nodes join a cluster at work, one after the other or at once; in half of the runs over slow links, where it takes new owners a second or more to
/// hear what there is.
/// </summary>
internal static class GrowScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("grow", "half of the nodes join while work goes on, and nobody is told a wrong thing", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var (from, until) = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(20));
        if (prng.Chance(500))
        {
            faults.Add(from, new WeatherFault(LinkConditions.Calm with { DelayMin = TimeSpan.FromMilliseconds(40), DelayMax = TimeSpan.FromMilliseconds(60 + prng.Next(60)) }, StreamManner.Breaks));
            // All within a moment: then most owners of many buckets are new.
            from = prng.Between(from, until);
            until = from + TimeSpan.FromMilliseconds(300);
        }

        for (var node = Math.Max(NodeSetup.SeedNodes, nodes - (nodes / 2)); node < nodes; node++)
            faults.Add((TimeSpan.Zero, new AbsentFault(node)), (prng.Between(from, until), new JoinFault(node)));

        return new ScenarioPlan
        {
            Faults = faults,
            Work = new WorkloadPlan(80, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(22)) { ReadsOften = true },
            HealAt = TimeSpan.FromSeconds(26),
            Checkers = Promises.WhileGrowing,
        };
    }
}
