using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Faults;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>A named kind of run: from a seed and a number of nodes to a plan.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Summary">What it shows, in one line.</param>
/// <param name="Plan">Draws the plan from a random source of its own.</param>
public sealed record Scenario(string Name, string Summary, Func<Prng, int, ScenarioPlan> Plan)
{
    /// <summary>The one that runs where none is named.</summary>
    public const string Default = "mixed";

    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("join", "all nodes start at once and form a full view", Join),
        new("cold", "all nodes start at one moment, their seeds a second later: soon every node plans", Cold),
        new("crash", "a tenth of the nodes crash and all others find out", Crash),
        new("lost", "a node under load crashes and never comes back: the others end what it had begun", Lost),
        new("split", "a split with workflows on both sides heals to equal state", Split),
        new("restart", "all nodes crash, lose their power and come back", Restart),
        new("decay", "checkpoints decay on one node after another and are healed by the others", Decay),
        new("cancel", "all workflows, with long tasks, are cancelled, through a short split and a loss of power", Cancel),
        new(Default, "each seed its own mix of every fault, then health", Mixed),
    ];

    /// <summary>The scenario of that name; null when there is none.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);

    private static ScenarioPlan Join(Prng prng, int nodes) => new()
    {
        Checkers = _ => [new FullViewChecker(), new EqualViewsChecker()],
        Within = Seconds(60),
    };

    // After the seeds come: the longest wait that a retry before them may have left, then rounds of gossip until all have heard of all.
    private static ScenarioPlan Cold(Prng prng, int nodes) => new()
    {
        StartWithin = TimeSpan.Zero,
        SeedsMissing = Math.Min(NodeSetup.SeedNodes, nodes - 1),
        HealAt = Seconds(0.3),
        Within = Seconds(0.65 + (0.2 * Math.Ceiling(Math.Log2(nodes)))),
        Checkers = _ => [new FullViewChecker(), new EqualViewsChecker(), new AllPlanChecker()],
    };

    private static ScenarioPlan Crash(Prng prng, int nodes)
    {
        var order = Shuffled(prng, nodes);
        return new ScenarioPlan
        {
            Faults = new FaultPlan().CrashAt(Seconds(15), order[..Math.Clamp(nodes / 10, 1, Math.Max(1, nodes - 1))]),
            HealAt = Seconds(15.5),
            HealsNothing = true,
            Within = Seconds(60),
            Checkers = _ => [new FullViewChecker(), new EqualViewsChecker(), new CrashedFoundByAllChecker()],
        };
    }

    private static ScenarioPlan Lost(Prng prng, int nodes) => new()
    {
        Faults = new FaultPlan().CrashAt(Seconds(15), [prng.Next(nodes)]),
        Work = new WorkloadPlan(40, Seconds(6), Seconds(20)),
        HealAt = Seconds(20),
        HealsNothing = true,
        Within = Seconds(60),
        Checkers = work => Promises.WithoutTheLost(work!),
    };

    private static ScenarioPlan Split(Prng prng, int nodes)
    {
        var order = Shuffled(prng, nodes);
        return new ScenarioPlan
        {
            Faults = nodes < 2 ? new FaultPlan() : new FaultPlan().Split(Seconds(10), Seconds(25), order[..(nodes / 2)], order[(nodes / 2)..]),
            Work = new WorkloadPlan(40, Seconds(8), Seconds(30)),
            HealAt = Seconds(35),
            Checkers = Everything,
        };
    }

    private static ScenarioPlan Restart(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        foreach (var node in Shuffled(prng, nodes))
        {
            faults.Add(Seconds(12) + prng.Between(TimeSpan.Zero, Seconds(2)), new CrashFault(node, LosesPower: true));
            faults.Add(Seconds(15) + prng.Between(TimeSpan.Zero, Seconds(6)), new RestartFault(node));
        }

        return new ScenarioPlan { Faults = faults, Work = new WorkloadPlan(40, Seconds(6), Seconds(14)), HealAt = Seconds(22), Checkers = Everything };
    }

    // One after the other, and with time to heal: what decays everywhere at once is gone.
    private static ScenarioPlan Decay(Prng prng, int nodes)
    {
        var faults = new FaultPlan();
        var at = Seconds(14);
        foreach (var node in Shuffled(prng, nodes).Take(Math.Min(nodes - 1, 3)))
        {
            faults.Add(at, new CrashFault(node, LosesPower: true)).Add(at + Seconds(0.1), new DecayFault(node)).Add(at + Seconds(2), new RestartFault(node));
            at += Seconds(8);
        }

        return new ScenarioPlan { Faults = faults, Work = new WorkloadPlan(40, Seconds(4), Seconds(10)), HealAt = at, Checkers = Everything };
    }

    // Tasks so long that one which goes on after the cancel is seen by its end, or by the want of one.
    private static ScenarioPlan Cancel(Prng prng, int nodes)
    {
        var order = Shuffled(prng, nodes);
        var faults = new FaultPlan().Add(Seconds(14), new CrashFault(order[0], LosesPower: true)).Add(Seconds(16), new RestartFault(order[0]));
        return new ScenarioPlan
        {
            Faults = nodes < 2 ? faults : faults.Split(Seconds(9), Seconds(3), order[..(nodes / 2)], order[(nodes / 2)..]),
            Work = new WorkloadPlan(40, Seconds(4), Seconds(18)) { DelayMsMax = 120_000, CancelsAll = true },
            HealAt = Seconds(22),
            Within = Seconds(60),
            Checkers = Everything,
        };
    }

    private static ScenarioPlan Mixed(Prng prng, int nodes) => new()
    {
        StartWithin = Seconds(1 + prng.Next(5)),
        Faults = new FaultMix(prng, nodes, Seconds(4), Seconds(34)).Draw(),
        Work = new WorkloadPlan(20 + prng.Next(30), Seconds(3), Seconds(32), 1 + prng.Next(20)),
        HealAt = Seconds(34),
        Checkers = Everything,
    };

    private static IReadOnlyList<IChecker> Everything(Workload? work) => Promises.All(work!);

    private static int[] Shuffled(Prng prng, int nodes)
    {
        var order = Enumerable.Range(0, nodes).ToArray();
        prng.Shuffle(order);
        return order;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
