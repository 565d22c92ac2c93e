using System.Globalization;
using Swim.Core.Primitives;

namespace Swim.Simulation.Scenarios;

/// <summary>
/// Which run: all of what it does follows from this. A plan drawn from a seed may be cut down, to faults and workflows by their numbers,
/// to the first nodes, to an earlier heal; what is left is drawn as in the whole plan.
/// </summary>
/// <param name="Scenario">Which scenario.</param>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="Seed">What everything random comes from.</param>
public sealed record RunSpec(Scenario Scenario, int Nodes, ulong Seed)
{
    /// <summary>The number of nodes that the plan is drawn for; those beyond <see cref="Nodes"/> are not there. Null: the same.</summary>
    public int? PlanNodes { get; init; }

    /// <summary>The numbers of the fault plan's entries that are kept, ascending; null: all.</summary>
    public IReadOnlyList<int>? KeptFaults { get; init; }

    /// <summary>The numbers of the submissions that are kept, ascending; null: all.</summary>
    public IReadOnlyList<int>? KeptWorkflows { get; init; }

    /// <summary>An earlier end of the faults; what was to begin later does not. Null: as planned.</summary>
    public TimeSpan? HealAt { get; init; }

    /// <summary>Other chances of the network and the nodes, by number; 0: those of the seed.</summary>
    public int Shake { get; init; }

    /// <summary>The bug that is planted.</summary>
    internal Mutant Bug { get; init; }

    /// <summary>The command that does this run.</summary>
    public string Command
    {
        get
        {
            var words = new List<string> { string.Create(CultureInfo.InvariantCulture, $"./scripts/sim.sh --scenario {Scenario.Name} --nodes {Nodes} --seed {Seed}") };
            if (Bug != Mutant.None) words.Add($"--plant {Bug}");
            if (PlanNodes is { } planned && planned != Nodes) words.Add(string.Create(CultureInfo.InvariantCulture, $"--plan-nodes {planned}"));
            if (KeptFaults is { } faults) words.Add($"--keep-faults {Numbers(faults)}");
            if (KeptWorkflows is { } workflows) words.Add($"--keep-workflows {Numbers(workflows)}");
            if (HealAt is { } heal) words.Add(string.Create(CultureInfo.InvariantCulture, $"--heal-at {heal.TotalSeconds}"));
            if (Shake != 0) words.Add(string.Create(CultureInfo.InvariantCulture, $"--shake {Shake}"));
            return string.Join(' ', words);
        }
    }

    /// <summary>The command that makes this run smaller, if it fails.</summary>
    public string ShrinkCommand => $"{Command} --shrink";

    /// <summary>The plan, cut down.</summary>
    internal ScenarioPlan Plan(Prng prng)
    {
        var plan = Scenario.Plan(prng, PlanNodes ?? Nodes);
        var healAt = HealAt is { } earlier && earlier < plan.HealAt ? earlier : plan.HealAt;
        return plan with
        {
            Faults = plan.Faults.Kept(KeptFaults, Nodes, HealAt is null ? TimeSpan.MaxValue : healAt),
            Work = plan.Work is { } work ? work with { Kept = KeptWorkflows } : null,
            HealAt = healAt,
            SeedsMissing = Math.Min(plan.SeedsMissing, Nodes - 1),
        };
    }

    private static string Numbers(IReadOnlyList<int> numbers) => numbers.Count == 0 ? "none" : string.Join(',', numbers);
}
