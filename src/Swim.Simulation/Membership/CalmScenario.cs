namespace Swim.Simulation.Membership;

/// <summary>Nothing happens: what the protocol costs, and whether it keeps still.</summary>
internal static class CalmScenario
{
    public static readonly FleetScenario Scenario = new("calm", "60 s in which nothing happens: the cost of a steady state", 1_000, Play);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Tally.MarkStable();
        // All ask the one seed at the start, as after a restart of the whole cluster.
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        run.Pass(TimeSpan.FromSeconds(60));
        run.CheckAccurate();
        run.CheckNoHealthyRemoved();
    }
}
