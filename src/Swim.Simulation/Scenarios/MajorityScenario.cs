using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// Workflows that need most home owners, with tasks longer than a lease: splits, voters that crash and come back, nodes that stand still, nodes
/// that join during a split, and clocks as far apart as they may be.
/// </summary>
internal static class MajorityScenario
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("majority", "no task of a majority runs twice at once, through splits, crashes, pauses, joins and clocks apart", Plan);

    /// <summary>The same with one clock wrong, as on the command line.</summary>
    public static Scenario Clock { get; } = new("majority-clock", "the same with one clock that is an hour behind or seconds ahead when its node starts again", PlanWithClock);

    private static ScenarioPlan PlanWithClock(Prng prng, int nodes)
    {
        var plan = Plan(prng, nodes);
        var bad = prng.Next(nodes - plan.Joining);
        // What a node further ahead writes while it can ask nobody waits on it until that time has come.
        var wrong = prng.Chance(600) ? TimeSpan.FromHours(-1) : prng.Between(Second, 8 * Second);
        var end = prng.Between(7 * Second, 14 * Second);
        plan.Faults.Add(end, new CrashFault(bad, prng.Chance(500))).Add(end, new ClockFault(bad, wrong)).Add(end + Second, new RestartFault(bad));
        return plan;
    }

    private static ScenarioPlan Plan(Prng prng, int nodes)
    {
        var joining = nodes > 5 ? 1 + prng.Next(Math.Min(3, nodes - 5)) : 0;
        var isMix = prng.Chance(300);
        return new ScenarioPlan
        {
            Joining = joining,
            ClocksApart = 0.4 * Second,
            Faults = isMix ? FaultMix.Draw(prng, nodes, 4 * Second, 36 * Second) : Splits(prng, nodes, joining),
            // Many faults and long tasks together lose a task its executor three times: it is rightly taken for one that kills them.
            Work = new WorkloadPlan(30, 4 * Second, 32 * Second, 5) { DelayMsMax = isMix ? 2_000 : 16_000, MajorityPerMille = 900 },
            HealAt = 36 * Second,
            Checkers = Promises.All,
        };
    }

    private static FaultPlan Splits(Prng prng, int nodes, int joining)
    {
        var order = prng.Order(nodes);
        var faults = new FaultPlan();
        if (nodes > 1)
        {
            var side = 1 + prng.Next(nodes - 1);
            faults.Split(10 * Second, 12 * Second, order[..side], order[side..]);
            // Voters cut off from what they voted for, which goes on: one that forgot it would vote for another.
            if (prng.Chance(500)) RestartAll(prng, faults, order[side..].Where(node => node < nodes - joining));
            var alone = prng.Next(nodes);
            if (prng.Chance(500)) faults.OneWay(26 * Second, 6 * Second, [alone], [.. order.Where(node => node != alone)]);
        }

        for (var late = nodes - joining; late < nodes; late++) faults.Add(prng.Between(11 * Second, 20 * Second), new RestartFault(late));
        for (var times = 1 + prng.Next(2); times > 0; times--) Crash(prng, faults, prng.Next(nodes - joining));
        for (var times = 1 + prng.Next(2); times > 0; times--)
            faults.Add(prng.Between(7 * Second, 30 * Second), new PauseFault(prng.Next(nodes - joining), prng.Between(2 * Second, 16 * Second)));
        return faults;
    }

    private static void RestartAll(Prng prng, FaultPlan faults, IEnumerable<int> nodes)
    {
        foreach (var node in nodes)
        {
            var at = prng.Between(10.2 * Second, 12 * Second);
            faults.Add(at, new CrashFault(node, prng.Chance(500))).Add(at + prng.Between(0.1 * Second, Second), new RestartFault(node));
        }
    }

    // Down for less than a lease: whoever forgot its votes would vote again in time to do harm.
    private static void Crash(Prng prng, FaultPlan faults, int node)
    {
        var at = prng.Between(7 * Second, 30 * Second);
        faults.Add(at, new CrashFault(node, prng.Chance(500))).Add(at + prng.Between(0.1 * Second, 5 * Second), new RestartFault(node));
    }
}
