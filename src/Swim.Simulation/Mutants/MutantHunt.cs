using Swim.Core.Primitives;
using Swim.Simulation.Membership;
using Swim.Simulation.Scenarios;

namespace Swim.Simulation.Mutants;

/// <summary>
/// Shows that the checkers see: plants a bug and runs seeds until a promise breaks. All bugs meet the same runs, which were not
/// chosen for any of them; those of forgetting, of flips and of ownership meet the scenarios in which that happens. A run that breaks a promise also without the bug shows nothing and does not count.
/// </summary>
internal static class MutantHunt
{
    /// <summary>The most runs that a bug may take.</summary>
    public const int RunsMax = 2_000;

    private static readonly string[] ScenarioNames = ["split", "restart", "mixed", "cancel", "lost", "decay", "remove", "clock"];

    // In the others nothing is old enough to be forgotten.
    private static readonly Mutant[] OfForgetting =
    [
        Mutant.CollectedUnheard, Mutant.TombstoneByAge, Mutant.TombstoneUnacked, Mutant.FloorWithoutRepair, Mutant.FloorWithoutTheDead,
    ];

    // In the others no writer is given up for as long as a grace.
    private static readonly Mutant[] OfWriters = [Mutant.RetiredUnheard, Mutant.RetiredLearnedAgain, Mutant.GivenUpWriterGoesOn];

    // In the others nothing is claimed with most owners.
    private static readonly Mutant[] OfMajority =
    [
        Mutant.VotesTwice, Mutant.VoteForgotten, Mutant.StandInVotes, Mutant.ClaimBeforeDurable, Mutant.LeaseEndless, Mutant.LeaseWithoutAllowance,
    ];

    // In the others all runs of a task give the same.
    private static readonly Mutant[] OfFlips = [Mutant.StaleInputsUnseen, Mutant.RerunSameGeneration];

    // In the others buckets change hands only when a home owner is taken for dead.
    private static readonly Mutant[] OfOwnership =
    [
        Mutant.DropsAfterFirstAck, Mutant.DropForgetsOwnWrites, Mutant.NewOwnerKnowsNothing, Mutant.NewOwnerTrustsOtherRings, Mutant.NewOwnerPlansAtOnce,
    ];

    // These meet the cores of membership alone, where the faults that they are about happen.
    private static readonly SortedDictionary<Mutant, (FleetScenario Scenario, int Nodes)> OfMembership = new()
    {
        [Mutant.PenaltyForgotten] = (UnknownDelayScenario.Scenario, 16),
        [Mutant.SuspicionWithoutRefutation] = (OneWayScenario.Lossy, 64),
        [Mutant.DeafAccuses] = (OneWayScenario.FlipFlop, 64),
    };

    /// <summary>All bugs, in the order of the list.</summary>
    public static IReadOnlyList<Mutant> All { get; } = [.. Enum.GetValues<Mutant>().Where(static mutant => mutant != Mutant.None)];

    /// <summary>The bug of that name, or null.</summary>
    public static Mutant? Find(string name)
    {
        foreach (var mutant in All)
        {
            if (string.Equals(mutant.ToString(), name, StringComparison.OrdinalIgnoreCase)) return mutant;
        }

        return null;
    }

    /// <summary>Runs the seeds from <paramref name="first"/> to <paramref name="last"/> until one shows the bug.</summary>
    public static MutantVerdict Hunt(Mutant mutant, ulong first, ulong last)
    {
        for (var seed = first; seed <= last; seed++)
        {
            var broken = Broken(mutant, seed);
            if (broken.Count > 0 && BrokenBy(Mutant.None, mutant, seed).Count == 0) return VerdictOf(mutant, first, seed, broken);
        }

        return VerdictOf(mutant, first, last, []);
    }

    /// <summary>The promises that a run with a bug breaks, and what contradicts each; <see cref="Mutant.None"/> for none planted.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Broken(Mutant mutant, ulong seed) => BrokenBy(mutant, mutant, seed);

    // The run that is meant for one bug, with another or none planted.
    private static List<KeyValuePair<string, string>> BrokenBy(Mutant planted, Mutant mutant, ulong seed)
    {
        if (OfMembership.TryGetValue(mutant, out var fleet)) return BrokenIn(fleet.Scenario, fleet.Nodes, planted, seed);
        var run = ScenarioRunner.Run(new RunSpec(ScenarioOf(mutant, seed), NodesOf(seed), seed) { Bug = planted });
        return [.. run.Broken];
    }

    private static List<KeyValuePair<string, string>> BrokenIn(FleetScenario scenario, int nodes, Mutant planted, ulong seed)
    {
        FleetFigures Run() => scenario.Run(nodes, seed, Baseline.Ours);
        var figures = planted == Mutant.None ? Run() : Planted.Run(planted, Run);
        return [.. figures.Checks.Where(static check => check.Value is not null).Select(static check => KeyValuePair.Create(check.Key, check.Value!))];
    }

    private static MutantVerdict VerdictOf(Mutant mutant, ulong first, ulong seed, IReadOnlyList<KeyValuePair<string, string>> broken)
    {
        var (scenario, nodes) = OfMembership.TryGetValue(mutant, out var fleet) ? (fleet.Scenario.Name, fleet.Nodes) : (ScenarioOf(mutant, seed).Name, NodesOf(seed));
        return new MutantVerdict(mutant, broken, (int)(seed - first + 1), scenario, nodes, seed);
    }

    private static Scenario ScenarioOf(Mutant mutant, ulong seed) =>
        Scenario.Find(
            OfForgetting.Contains(mutant) ? "forget"
            : OfWriters.Contains(mutant) ? "writers"
            : OfMajority.Contains(mutant) ? "majority"
            : mutant == Mutant.AloneCountsForTwo ? "alone"
            : mutant == Mutant.RollbackUnseen ? "backup"
            : mutant == Mutant.NoStreamProbes ? "no-udp"
            : OfFlips.Contains(mutant) ? "flips"
            : OfOwnership.Contains(mutant) ? (seed % 2 == 0 ? "leave" : "grow")
            : ScenarioNames[seed % (ulong)ScenarioNames.Length])!;

    private static int NodesOf(ulong seed) => 5 + (int)(seed % 4);
}

/// <summary>What became of one planted bug.</summary>
/// <param name="Mutant">Which.</param>
/// <param name="Broken">The promises that broke in the run that showed it, and how; none where no run did.</param>
/// <param name="Runs">How many runs it took, or how many showed nothing.</param>
/// <param name="Scenario">The scenario of the last run.</param>
/// <param name="Nodes">Its number of nodes.</param>
/// <param name="Seed">Its seed.</param>
internal sealed record MutantVerdict(Mutant Mutant, IReadOnlyList<KeyValuePair<string, string>> Broken, int Runs, string Scenario, int Nodes, ulong Seed)
{
    /// <summary>True when a checker saw it.</summary>
    public bool IsCaught => Broken.Count > 0;

    /// <summary>The command that does the last run again.</summary>
    public string ReplayCommand => $"./scripts/sim.sh --mutant {Mutant} --seed {Seed}";
}
