namespace Swim.Simulation.Membership;

/// <summary>
/// The eventually perfect detector put to the test (Chandra and Toueg 1996): delays have a bound that the nodes do not know. Mostly
/// they are short; now and then everything that some node sends takes as long as the bound, for a while and never lost. Mistakes must
/// end: completeness and eventual accuracy are checked.
/// </summary>
internal static class UnknownDelayScenario
{
    public static readonly FleetScenario Scenario = new(
        "unknown-delay", "now and then all that one of 16 nodes sends takes 1.5 s for 10 s, which nobody knows: after 90 min mistakes must have ended; 3 crash", 16, Play);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(5);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Measure();
        var crashing = run.Draw(Math.Min(3, nodes / 3), nodes);
        Shake(run, nodes, TimeSpan.FromMinutes(30));
        run.Extra["suspicions_first_30_min"] = run.Tally.FalseSuspicions.All;
        foreach (var place in crashing) run.Fleet.Crash(place);
        Shake(run, nodes, TimeSpan.FromMinutes(60));
        run.Tally.MarkStable();
        Shake(run, nodes, TimeSpan.FromMinutes(30));
        run.CheckComplete();
        run.CheckAccurate();
    }

    private static void Shake(FleetRun run, int nodes, TimeSpan duration)
    {
        for (var end = run.Fleet.Time + duration; run.Fleet.Time < end;)
        {
            var place = run.Fleet.Prng.Next(nodes);
            run.Fleet.Links.SlowOut(place, Bound);
            run.Pass(Slow);
            run.Fleet.Links.SlowOut(place, TimeSpan.Zero);
            run.Pass(Fast);
        }
    }
}
