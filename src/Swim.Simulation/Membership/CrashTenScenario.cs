namespace Swim.Simulation.Membership;

/// <summary>Ten members crash at once in a large cluster (Rapid 2018, figure 8).</summary>
internal static class CrashTenScenario
{
    public static readonly FleetScenario Scenario = new("crash-10", "10 members of 1,000 crash at once", 1_000, Play);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        foreach (var place in run.Draw(Math.Min(10, nodes / 2), nodes)) run.Fleet.Crash(place);
        run.PassUntilTrue(TimeSpan.FromSeconds(180));
        run.CheckComplete();
        run.CheckNoHealthyRemoved();
    }
}
