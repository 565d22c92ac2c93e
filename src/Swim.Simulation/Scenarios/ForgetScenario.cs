using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Network;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// The scenario of forgetting: workflows end, are collected and dropped all the time, in few buckets, so that each of them has a floor. Meanwhile
/// nodes are split, cut off alone, down or restarted, most for longer than the retention, and frames come again minutes late.
/// </summary>
internal static class ForgetScenario
{
    /// <summary>As on the command line.</summary>
    public static Scenario Scenario { get; } = new("forget", "short retention, and nodes cut off or down for longer: nothing comes back, nothing that lives is lost", Draw);

    private static readonly TimeSpan FaultsUntil = TimeSpan.FromSeconds(420);

    /// <summary>Retention, grace and hint TTL of the scenario.</summary>
    public static ForgettingOptions Options { get; } = new()
    {
        Retention = TimeSpan.FromSeconds(60),
        Grace = TimeSpan.FromSeconds(20),
        HintTtl = TimeSpan.FromSeconds(5),
    };

    private static ScenarioPlan Draw(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        if (prng.Chance(500)) faults.Add(TimeSpan.Zero, new WeatherFault(LinkConditions.Calm with { LostPerMille = 20 + prng.Next(150) }, StreamManner.Harsh));
        for (var at = Seconds(prng, 70, 110); at < FaultsUntil - TimeSpan.FromSeconds(60);)
        {
            var length = prng.Chance(700) ? Seconds(prng, 70, 150) : Seconds(prng, 2, 30);
            if (at + length > FaultsUntil) length = FaultsUntil - at;
            Add(faults, prng, nodes, at, length);
            at += length + Seconds(prng, 3, 40);
        }

        return new ScenarioPlan
        {
            Faults = faults,
            Forgetting = Options,
            Work = new WorkloadPlan(160, TimeSpan.FromSeconds(5), FaultsUntil, 4) { Buckets = 6 },
            LateFrames = true,
            HealAt = FaultsUntil + TimeSpan.FromSeconds(1),
            Within = TimeSpan.FromSeconds(400),
            Checkers = work => Promises.WhileForgetting(work!),
        };
    }

    private static void Add(FaultPlan faults, Prng prng, int nodes, TimeSpan at, TimeSpan length)
    {
        var order = prng.Order(nodes);
        switch (prng.Next(4))
        {
            case 0 when nodes > 1:
                faults.Split(at, length, order[..(nodes / 2)], order[(nodes / 2)..]);
                break;
            case 1 when nodes > 1:
                faults.Split(at, length, order[..1], order[1..]);
                break;
            case 2:
                faults.Add(at, new CrashFault(order[0], prng.Chance(500))).Add(at + length, new RestartFault(order[0]));
                break;
            default:
                foreach (var node in order[..(1 + prng.Next(nodes))])
                    faults.Add(at + Seconds(prng, 0, 2), new CrashFault(node, LosesPower: true)).Add(at + length - Seconds(prng, 0, 1), new RestartFault(node));
                break;
        }
    }

    private static TimeSpan Seconds(Prng prng, int from, int to) => prng.Between(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
}
