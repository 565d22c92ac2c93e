namespace Swim.Simulation.Membership;

/// <summary>
/// A node loses what is sent to it for a moment, so that it suspects a few, and then its process is stopped for N protocol periods, as one that swaps
/// or collects garbage: when it goes on the suspicions have run out, and whoever has refuted them meanwhile it has not heard. It must not hold its own
/// silence against the others, and it must be alive everywhere soon (an observer that slept killed healthy members in the field).
/// </summary>
internal static class PausedScenario
{
    public static readonly FleetScenario Scenario = new("paused", "a node hears nothing for 3 s and is then stopped for 1, 3, 10, 30 and 60 s: whom it kills on waking", 128, Play);

    private static readonly TimeSpan Deaf = TimeSpan.FromSeconds(3);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        foreach (var seconds in new[] { 1, 3, 10, 30, 60 })
        {
            var place = run.Draw(1, nodes)[0];
            run.Tally.MarkFaulty(place);
            run.Fleet.Links.LoseIn(place, 1000);
            run.Pass(Deaf);
            run.Fleet.Links.LoseIn(place, 0);
            run.Fleet.Pause(place, TimeSpan.FromSeconds(seconds));
            run.Pass(TimeSpan.FromSeconds(seconds));
            run.PassUntilTrue(TimeSpan.FromSeconds(60));
            run.Pass(TimeSpan.FromSeconds(10));
        }

        run.CheckNoHealthyRemoved();
    }
}
