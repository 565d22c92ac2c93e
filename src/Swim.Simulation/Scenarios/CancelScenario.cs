using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>All workflows, with long tasks, are cancelled, through a short split and a loss of power.</summary>
internal static class CancelScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("cancel", "all workflows, with long tasks, are cancelled, through a short split and a loss of power", Plan);

    // Tasks so long that one which goes on after the cancel is seen by its end, or by the want of one.
    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        var faults = new FaultPlan().Add((TimeSpan.FromSeconds(14), new CrashFault(order[0], LosesPower: true)), (TimeSpan.FromSeconds(16), new RestartFault(order[0])));
        return new ScenarioPlan
        {
            Faults = nodes < 2 ? faults : faults.Split(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3), order[..(nodes / 2)], order[(nodes / 2)..]),
            Work = new WorkloadPlan(40, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(18)) { DelayMsMax = 120_000, CancelsAll = true },
            HealAt = TimeSpan.FromSeconds(22),
            Within = TimeSpan.FromSeconds(60),
            Checkers = Promises.All,
        };
    }
}
