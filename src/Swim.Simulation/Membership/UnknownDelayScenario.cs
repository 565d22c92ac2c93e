using Swim.Simulation.Network;

namespace Swim.Simulation.Membership;

/// <summary>
/// The eventually perfect detector put to the test (Chandra and Toueg 1996): links whose delay has a bound that the nodes do not know,
/// mostly short, now and then as long as the bound. Mistakes must end: completeness and eventual accuracy are checked.
/// </summary>
internal static class UnknownDelayScenario
{
    public static readonly FleetScenario Scenario = new(
        "unknown-delay", "1 in 100 packets takes up to 4 s, which nobody knows: mistakes must end; 3 members crash meanwhile", 32, Play);

    private static readonly LinkConditions Rarely = LinkConditions.Calm with { LatePerMille = 10, LateMax = TimeSpan.FromSeconds(4) };

    private static void Play(FleetRun run, int nodes)
    {
        run.Fleet.Links.Conditions = Rarely;
        run.Fleet.StartTogether(nodes);
        run.Measure();
        run.Pass(TimeSpan.FromMinutes(10));
        run.Extra["mistakes_first_10_min"] = run.Tally.FalseSuspicions.All;
        foreach (var place in run.Draw(Math.Min(3, nodes / 3), nodes)) run.Fleet.Crash(place);
        run.Pass(TimeSpan.FromMinutes(20));
        run.Tally.MarkStable();
        run.Pass(TimeSpan.FromMinutes(10));
        run.CheckComplete();
        run.CheckAccurate();
    }
}
