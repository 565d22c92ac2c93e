namespace Swim.Simulation.Membership;

/// <summary>Machines whose network is bad in one direction (Rapid 2018, figures 9 and 10), on 1 % of the members.</summary>
internal static class OneWayScenario
{
    public static readonly FleetScenario FlipFlop = new(
        "flip-flop", "1 % of 1,000 hear nothing for 20 s, then all for 20 s, three times", 1_000, PlayFlipFlop);

    public static readonly FleetScenario Lossy = new("lossy", "1 % of 1,000 lose 80 % of what they send, for 120 s", 1_000, PlayLossy);

    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HealMax = TimeSpan.FromMinutes(5);

    private static void PlayFlipFlop(FleetRun run, int nodes)
    {
        var faulty = Begin(run, nodes);
        for (var round = 0; round < 3; round++)
        {
            foreach (var place in faulty) run.Fleet.Links.LoseIn(place, 1000);
            run.Pass(Phase);
            foreach (var place in faulty) run.Fleet.Links.LoseIn(place, 0);
            run.Pass(Phase);
        }

        End(run);
    }

    private static void PlayLossy(FleetRun run, int nodes)
    {
        var faulty = Begin(run, nodes);
        foreach (var place in faulty) run.Fleet.Links.LoseOut(place, 800);
        run.Pass(6 * Phase);
        foreach (var place in faulty) run.Fleet.Links.LoseOut(place, 0);
        End(run);
    }

    private static List<int> Begin(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        var faulty = run.Draw(Math.Max(1, nodes / 100), nodes);
        foreach (var place in faulty) run.Tally.MarkFaulty(place);
        return faulty;
    }

    private static void End(FleetRun run)
    {
        var flips = run.Tally.FlipsOfPairMax;
        run.Checks["AtMostOneTransition"] = flips <= 1 ? null : $"a node changed its mind {flips} times about one member";
        run.CheckNoHealthyRemoved();
        run.PassUntilTrue(HealMax);
    }
}
