using Swim.Core.Primitives;

namespace Swim.Simulation.Scenarios;

/// <summary>A named kind of run: from a seed and a number of nodes to a plan. Each has a file of its own and a line in <see cref="All"/>.</summary>
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
        JoinScenario.Scenario,
        ColdScenario.Scenario,
        CrashScenario.Scenario,
        LostScenario.Scenario,
        SplitScenario.Scenario,
        AloneScenario.Scenario,
        LongSplitScenario.Hour,
        LongSplitScenario.TwoDays,
        RestartScenario.Scenario,
        DecayScenario.Scenario,
        BackupScenario.Scenario,
        CancelScenario.Scenario,
        ForgetScenario.Scenario,
        WritersScenario.Scenario,
        GrowScenario.Scenario,
        LeaveScenario.Scenario,
        RemoveScenario.Scenario,
        MajorityScenario.Scenario,
        MajorityScenario.Clock,
        FlipsScenario.Scenario,
        FlipsScenario.Mixed,
        ClockScenario.Scenario,
        NoUdpScenario.Scenario,
        MixedScenario.Scenario,
        MixedScenario.WithDiskLoss,
    ];

    /// <summary>The scenario of that name; null when there is none.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
