namespace Swim.Simulation.Membership;

/// <summary>
/// A node's process is stopped for N protocol periods and goes on: it must not hold its own silence against the others, and it must be
/// alive everywhere soon (an observer that slept killed healthy members in the field; research note, section 3).
/// </summary>
internal static class PausedScenario
{
    public static readonly FleetScenario Scenario = new("paused", "a node is stopped for 1, 3, 10, 30 and 60 s: whom it kills on waking", 128, Play);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        foreach (var seconds in new[] { 1, 3, 10, 30, 60 })
        {
            var place = run.Draw(1, nodes)[0];
            run.Tally.MarkFaulty(place);
            run.Fleet.Pause(place, TimeSpan.FromSeconds(seconds));
            run.Pass(TimeSpan.FromSeconds(seconds));
            run.PassUntilTrue(TimeSpan.FromSeconds(60));
            run.Pass(TimeSpan.FromSeconds(10));
        }

        run.CheckNoHealthyRemoved();
    }
}
