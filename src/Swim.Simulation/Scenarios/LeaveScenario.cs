using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// Nodes leave and others join, before, during and after two splits along one line, while one crashes: each sees another ring for a while. In the
/// second split clients ask again for what they asked for in the first, so who stood in writes again where it handed back.
/// </summary>
internal static class LeaveScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("leave", "nodes leave and join under load, through two splits and a crash, and nothing stays behind", Plan);

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        var faults = nodes < 2 ? new FaultPlan() : new FaultPlan()
            .Split(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12), order[..(nodes / 2)], order[(nodes / 2)..])
            .Split(TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(12), order[..(nodes / 2)], order[(nodes / 2)..]);
        var leavers = prng.Order(nodes);
        for (var i = 0; i < Math.Max(1, nodes / 3); i++) faults.Add((prng.Between(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(38)), new LeaveFault(leavers[i])));
        if (nodes > NodeSetup.SeedNodes) faults.Add((TimeSpan.Zero, new AbsentFault(nodes - 1)), (prng.Between(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(38)), new JoinFault(nodes - 1)));
        var crash = prng.Between(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(30));
        faults.Add((crash, new CrashFault(leavers[^1], prng.Chance(500))), (crash + TimeSpan.FromSeconds(4), new RestartFault(leavers[^1])));
        // One that left may come back: as a new owner.
        faults.Add((TimeSpan.FromSeconds(40), new RestartFault(leavers[0])));
        return new ScenarioPlan
        {
            Faults = faults,
            Work = new WorkloadPlan(40, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(19)) { AgainAfter = TimeSpan.FromSeconds(20) },
            HealAt = TimeSpan.FromSeconds(42),
            Checkers = Promises.All,
        };
    }
}
