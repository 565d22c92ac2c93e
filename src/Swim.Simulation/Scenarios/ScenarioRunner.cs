using Swim.Core.Primitives;
using Swim.Simulation.Checkers;
using Swim.Simulation.Network;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Scenarios;

/// <summary>Carries out one plan with one seed and says which promises held.</summary>
public static class ScenarioRunner
{
    /// <summary>Runs <paramref name="scenario"/>; <paramref name="prepare"/> may look on. Reads no clock: the same arguments give the same result.</summary>
    public static RunResult Run(Scenario scenario, int nodes, ulong seed, Action<Simulator>? prepare = null) => Run(new RunSpec(scenario, nodes, seed), prepare);

    /// <summary>Does the run; <paramref name="prepare"/> may look on.</summary>
    public static RunResult Run(RunSpec spec, Action<Simulator>? prepare = null) =>
        spec.Bug == Mutant.None ? RunAsIs(spec, prepare) : Planted.Run(spec.Bug, () => RunAsIs(spec, prepare));

    private static RunResult RunAsIs(RunSpec spec, Action<Simulator>? prepare)
    {
        var cluster = new Simulator(spec.Seed, spec.Nodes, spec.Shake);
        prepare?.Invoke(cluster);
        var plan = spec.Plan(cluster.Draw("plan"));
        cluster.World.Forgetting = plan.Forgetting;
        cluster.World.Replicas = plan.Replicas;
        cluster.LookEvery = plan.LookEvery;
        var work = plan.Work is null ? null : new Workload(cluster, plan.Work);
        var checkers = plan.Checkers(work);
        if (plan.LateFrames) cluster.World.Observers.Add(new LateFrames(cluster));
        foreach (var observer in checkers.OfType<IObserver>()) cluster.World.Observers.Add(observer);
        cluster.Watchers.AddRange(checkers.OfType<IWatcher>());
        var verdicts = new Dictionary<IChecker, string?>();
        string? broken = null;
        try
        {
            Start(cluster, plan);
            cluster.RunUntil(() => IsBroken(cluster, checkers) || HoldsAll(cluster, checkers), plan.Within);
            // What comes to hold may for a moment cease to: a suspicion is no broken promise, one that never ends is. Where a run was
            // cut short, since what must hold at every moment did not, nothing is said of what had no time to come to hold.
            var isCutShort = IsBroken(cluster, checkers);
            foreach (var checker in checkers.Where(checker => checker.IsEventual)) verdicts[checker] = isCutShort ? null : checker.FindViolation(cluster);
            if (!isCutShort) work?.ReadAll(TimeSpan.FromSeconds(10));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A node that throws would end its process: the run is over, and says why.
            broken = $"{fault.GetType().Name}: {fault.Message}{Environment.NewLine}{fault.StackTrace}";
        }

        var checks = checkers.Select(checker => KeyValuePair.Create(checker.Name, verdicts.TryGetValue(checker, out var verdict) ? verdict : checker.FindViolation(cluster)));
        return RunResult.Of(spec, cluster, plan, work, [.. checks, KeyValuePair.Create("NoInvariantBroken", broken)]);
    }

    private static void Start(Simulator cluster, ScenarioPlan plan)
    {
        plan.Faults.Arm(cluster);
        var (starts, clocks) = (cluster.Draw("starts"), cluster.Draw("clocks"));
        if (plan.ClocksApart > TimeSpan.Zero)
        {
            foreach (var node in cluster.Nodes) node.ClockAhead = clocks.Between(-plan.ClocksApart / 2, plan.ClocksApart / 2);
        }

        foreach (var node in cluster.Nodes.Skip(plan.SeedsMissing).SkipLast(plan.Joining)) cluster.StartNode(node.Index, starts.Between(TimeSpan.Zero, plan.StartWithin));
        cluster.RunFor(plan.HealAt > plan.StartWithin ? plan.HealAt : plan.StartWithin);
        if (!plan.HealsNothing) cluster.Heal();
    }

    private static bool IsBroken(Simulator cluster, IReadOnlyList<IChecker> checkers) =>
        checkers.Any(checker => !checker.IsEventual && checker.FindViolation(cluster) is not null);

    private static bool HoldsAll(Simulator cluster, IReadOnlyList<IChecker> checkers) =>
        checkers.All(checker => !checker.IsEventual || checker.FindViolation(cluster) is null);
}
