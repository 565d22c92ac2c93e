namespace Swim.Simulation.Membership;

/// <summary>
/// Crashes of C = 1, 2, 4 .. 32 members of a quiet cluster, one group after the other (Lifeguard 2018, section V: detection and
/// dissemination latency). The crashed stay down, so the cluster shrinks by half at 128.
/// </summary>
internal static class DetectScenario
{
    public static readonly FleetScenario Scenario = new("detect", "1, 2, 4, 8, 16 and 32 members crash: when the first and when the last notices", 128, Play);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(90);

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.StartTogether(nodes);
        run.Pass(TimeSpan.FromSeconds(5));
        run.Measure();
        var order = run.Draw(nodes, nodes);
        var next = 0;
        for (var count = 1; count <= nodes / 4; count *= 2)
        {
            foreach (var place in order.GetRange(next, count)) run.Fleet.Crash(place);
            next += count;
            run.Pass(Between);
        }

        run.CheckComplete();
        run.CheckNoHealthyRemoved();
    }
}
