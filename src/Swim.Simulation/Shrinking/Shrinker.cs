using Swim.Simulation.Scenarios;

namespace Swim.Simulation.Shrinking;

/// <summary>
/// Makes a failing run smaller: fewer faults, fewer workflows, fewer nodes, less time, over and over until none of these helps. A
/// smaller run counts when one of the promises is broken that the whole run breaks, by its own chances or by one of a few others. A function of the run alone.
/// </summary>
internal sealed class Shrinker(RunSpec whole, Action<RunResult>? onSmaller = null)
{
    /// <summary>The most runs it may take.</summary>
    public const int RunsMax = 1_000;

    // What is left out shifts all that comes after: a failure that takes a coincidence may need another chance to show again.
    private const int Chances = 4;

    private static readonly double[] Shares = [0.25, 0.5, 0.75, 0.9];

    private readonly HashSet<string> _promises = [];
    private RunResult? _smallest;

    /// <summary>Runs done so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Shrinks; <paramref name="first"/> is the whole run. The smallest that fails, which is the whole where it does not fail.</summary>
    public RunResult Shrink(out RunResult first)
    {
        first = _smallest = ScenarioRunner.Run(whole);
        Runs = 1;
        _promises.UnionWith(first.Broken.Select(static broken => broken.Key));
        if (first.IsOk) return first;
        for (var isSmaller = true; isSmaller && Runs < RunsMax;)
        {
            var before = _smallest.Spec;
            FewerFaults();
            FewerWorkflows();
            FewerNodes();
            Sooner();
            isSmaller = _smallest.Spec != before;
        }

        return _smallest;
    }

    private void FewerFaults()
    {
        var all = _smallest!.Spec.KeptFaults ?? [.. Enumerable.Range(0, _smallest.Faults)];
        DeltaDebugging.Smallest(all, kept => Fails(_smallest.Spec with { KeptFaults = kept }));
    }

    private void FewerWorkflows()
    {
        var all = _smallest!.Spec.KeptWorkflows ?? [.. Enumerable.Range(0, _smallest.Workflows)];
        DeltaDebugging.Smallest(all, kept => Fails(_smallest.Spec with { KeptWorkflows = kept }));
    }

    // A plan for fewer nodes is another plan: so it stays, and what it says of those that are gone is left out.
    private void FewerNodes()
    {
        var spec = _smallest!.Spec;
        for (var nodes = 1; nodes < spec.Nodes; nodes += Math.Max(1, spec.Nodes / 8))
        {
            if (Fails(spec with { Nodes = nodes, PlanNodes = spec.PlanNodes ?? spec.Nodes })) return;
        }
    }

    private void Sooner()
    {
        var (spec, healAt) = (_smallest!.Spec, _smallest.HealAt);
        foreach (var share in Shares)
        {
            if (Fails(spec with { HealAt = TimeSpan.FromSeconds(Math.Round(healAt.TotalSeconds * share, 1)) })) return;
        }
    }

    private bool Fails(RunSpec spec)
    {
        for (var chance = 0; chance < Chances && Runs < RunsMax; chance++)
        {
            Runs++;
            var run = ScenarioRunner.Run(spec with { Shake = spec.Shake + chance });
            if (!run.Broken.Any(broken => _promises.Contains(broken.Key))) continue;
            _smallest = run;
            onSmaller?.Invoke(run);
            return true;
        }

        return false;
    }
}
