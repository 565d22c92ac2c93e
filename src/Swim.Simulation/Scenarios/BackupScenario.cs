using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>A node comes back with an old backup while it reaches one other only, and another with nothing.</summary>
internal static class BackupScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("backup", "a node comes back with an old backup while it reaches one other only, and then another with nothing", Plan);

    // Whoever it reaches knows few of the writes that it lost: it must not number new ones like them.
    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var order = prng.Order(nodes);
        var faults = new FaultPlan();
        faults.Add((At(10), new BackupFault(order[0])), (At(13), new RestoreFault(order[0])), (At(15), new RestartFault(order[0])));
        if (nodes > 2) faults.Split(At(13), At(9), order[..2], order[2..]);
        faults.Add((At(26), new WipeFault(order[^1])), (At(28), new RestartFault(order[^1])));
        return new ScenarioPlan { Faults = faults, Work = new WorkloadPlan(40, At(5), At(27)), HealAt = At(30), Checkers = Promises.All };
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
