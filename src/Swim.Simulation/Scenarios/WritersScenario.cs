using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// The scenario of writers that are given up: while one node is down for long the others are restarted again and again, and each time one takes a new
/// writer id, since nobody can be asked what the one that is down has seen. When it is back the old entries of contexts go. Then a node
/// comes back with a backup of before all that.
/// </summary>
internal static class WritersScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("writers", "many restarts while a node is down, then an old backup: contexts forget who writes no more, and nobody numbers anew", Draw);

    private static readonly TimeSpan DownFrom = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DownUntil = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan SetBackAt = TimeSpan.FromSeconds(560);

    // So long that owners look at a bucket less often than they compare it: an entry that one forgets the others still have for seconds.
    private static readonly ForgettingOptions Forgetting = new() { Retention = TimeSpan.FromSeconds(320), Grace = TimeSpan.FromSeconds(20), HintTtl = TimeSpan.FromSeconds(5) };

    private static ScenarioPlan Draw(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var order = prng.Order(nodes);
        faults.Add((TimeSpan.FromSeconds(20), new BackupFault(order[^1])), (DownFrom, new CrashFault(order[0], prng.Chance(500))), (DownUntil, new RestartFault(order[0])));
        for (var at = DownFrom + Seconds(prng, 8, 12); nodes > 1 && at < DownUntil - TimeSpan.FromSeconds(10); at += Seconds(prng, 4, 9))
        {
            // Mostly the same one.
            var node = prng.Chance(600) ? order[^1] : order[1 + prng.Next(nodes - 1)];
            faults.Add((at, new CrashFault(node, prng.Chance(500))), (at + Seconds(prng, 1, 3), new RestartFault(node)));
        }

        if (nodes > 2) faults.Split(DownUntil + Seconds(prng, 5, 10), Seconds(prng, 5, 40), order[..(nodes / 2)], order[(nodes / 2)..]);
        faults.Add((SetBackAt, new RestoreFault(order[^1])), (SetBackAt + Seconds(prng, 1, 4), new RestartFault(order[^1])));
        return new ScenarioPlan
        {
            Faults = faults,
            Forgetting = Forgetting,
            LookEvery = TimeSpan.FromMilliseconds(500),
            Work = new WorkloadPlan(320, TimeSpan.FromSeconds(5), SetBackAt + TimeSpan.FromSeconds(25), 4) { Buckets = 12, DelayMsMax = 12_000 },
            HealAt = SetBackAt + TimeSpan.FromSeconds(30),
            Within = TimeSpan.FromSeconds(600),
            Checkers = work => Promises.OfWriters(work!),
        };
    }

    private static TimeSpan Seconds(Prng prng, int from, int to) => prng.Between(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
}
