using Swim.Simulation.Network;

namespace Swim.Simulation.Membership;

/// <summary>Very many nodes start within a second and know one seed (Rapid 2018, figure 5), and a few under loss (SWIM 2002, section 6).</summary>
internal static class JoinStormScenario
{
    public static readonly FleetScenario Scenario = new("join-storm", "2,000 nodes start within 1 s with one seed: when all see all", 2_000, PlayStorm) { NodesInShort = 500 };

    public static readonly FleetScenario UnderLoss = new("join-loss", "17 nodes join one by one while 10 % of all packets are lost", 17, PlayLoss);

    private static void PlayStorm(FleetRun run, int nodes)
    {
        run.Measure();
        run.Fleet.StartNew(0, 0);
        var waves = Enumerable.Range(1, nodes - 1).GroupBy(_ => run.Fleet.Prng.Next(100)).OrderBy(static wave => wave.Key);
        foreach (var wave in waves)
        {
            run.Fleet.RunFor(TimeSpan.FromMilliseconds(10));
            foreach (var place in wave) run.Fleet.StartNew(place, 0);
        }

        Join(run, nodes);
    }

    private static void PlayLoss(FleetRun run, int nodes)
    {
        run.Fleet.Links.Conditions = LinkConditions.Calm with { LostPerMille = 100 };
        run.Measure();
        run.Fleet.StartNew(0, 0);
        for (var place = 1; place < nodes; place++)
        {
            run.Pass(TimeSpan.FromMilliseconds(500));
            run.Fleet.StartNew(place, 0);
        }

        Join(run, nodes);
        run.Tally.MarkStable();
        run.Pass(TimeSpan.FromMinutes(2));
        run.CheckAccurate();
    }

    private static void Join(FleetRun run, int nodes)
    {
        run.PassUntilTrue(TimeSpan.FromMinutes(5));
        run.Extra["all_seen_s"] = run.Fleet.Time.TotalSeconds;
        run.Extra["view_sizes"] = run.ViewSizes;
        run.CheckNoHealthyRemoved();
        var full = run.Fleet.Nodes.Count(node => node.Core!.LiveCount == nodes);
        run.Checks["AllSeeAll"] = full == nodes ? null : $"{full} of {nodes} see all";
    }
}
