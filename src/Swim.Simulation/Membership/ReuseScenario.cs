namespace Swim.Simulation.Membership;

/// <summary>Places are taken again: by the same node after a restart, and by another node under the same name and address.</summary>
internal static class ReuseScenario
{
    public static readonly FleetScenario Scenario = new(
        "reuse", "three nodes restart at once, three others come back as another node under the same name and address", 64, Play);

    private static readonly TimeSpan Down = TimeSpan.FromSeconds(2);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        var places = run.Draw(6, nodes);
        var seed = Enumerable.Range(0, nodes).First(place => !places.Contains(place));
        foreach (var place in places[..3])
        {
            run.Fleet.Crash(place);
            run.Pass(Down);
            run.Fleet.Restart(place, epoch: 2, seed);
        }

        foreach (var place in places[3..])
        {
            run.Fleet.Crash(place);
            run.Pass(Down);
            run.Fleet.Replace(place, seed);
        }

        run.PassUntilTrue(TimeSpan.FromSeconds(120));
        run.CheckNoHealthyRemoved();
    }
}
