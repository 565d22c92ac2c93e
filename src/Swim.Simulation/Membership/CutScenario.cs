namespace Swim.Simulation.Membership;

/// <summary>The cluster is cut in two halves that go on, and grows together again: nobody may be lost, and nobody killed by the merge.</summary>
internal static class CutScenario
{
    public static readonly FleetScenario Minute = new("cut-1m", "two halves do not hear each other for a minute", 100, static (run, nodes) => Play(run, nodes, TimeSpan.FromMinutes(1)));

    public static readonly FleetScenario Hour = new("cut-1h", "two halves do not hear each other for an hour", 100, static (run, nodes) => Play(run, nodes, TimeSpan.FromHours(1)));

    private static void Play(FleetRun run, int nodes, TimeSpan cut)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        foreach (var place in run.Draw(nodes / 2, nodes)) run.Fleet.Links.PutInto(place, 1);
        run.Pass(cut);
        for (var place = 0; place < nodes; place++) run.Fleet.Links.PutInto(place, 0);
        run.PassUntilTrue(TimeSpan.FromMinutes(3));
        run.Tally.MarkStable();
        run.Pass(TimeSpan.FromMinutes(1));
        run.CheckAccurate();
        run.CheckNoHealthyRemoved();
    }
}
