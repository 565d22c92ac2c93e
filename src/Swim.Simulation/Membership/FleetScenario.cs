namespace Swim.Simulation.Membership;

/// <summary>A named thing that is done to a fleet. Each kind has a file of its own and a line in <see cref="All"/>.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Summary">What it shows, in one line.</param>
/// <param name="Nodes">How many nodes it has where nothing else is asked for.</param>
/// <param name="Play">Does it, to so many nodes.</param>
internal sealed record FleetScenario(string Name, string Summary, int Nodes, Action<FleetRun, int> Play)
{
    /// <summary>How many nodes it has in the short form of the tables.</summary>
    public int NodesInShort { get; init; } = Nodes;

    /// <summary>For a scenario of many fleets: runs them all. Null: one fleet, and <see cref="Play"/>.</summary>
    public Func<int, ulong, Baseline, FleetFigures>? Many { get; init; }

    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<FleetScenario> All { get; } =
    [
        CalmScenario.Scenario,
        DetectScenario.Scenario,
        SweepScenario.Short,
        SweepScenario.Full,
        CrashTenScenario.Scenario,
        JoinStormScenario.Scenario,
        JoinStormScenario.UnderLoss,
        PausedScenario.Scenario,
        CutScenario.Minute,
        CutScenario.Hour,
        ReuseScenario.Scenario,
        UnknownDelayScenario.Scenario,
        OneWayScenario.FlipFlop,
        OneWayScenario.Lossy,
    ];

    /// <summary>The scenario of that name; null when there is none.</summary>
    public static FleetScenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);

    /// <summary>True when its figures belong into the tables: of the two sweeps only one.</summary>
    public bool IsInTables(bool full) => Many is null || full == (this == SweepScenario.Full);

    /// <summary>Runs it.</summary>
    public FleetFigures Run(int nodes, ulong seed, Baseline baseline)
    {
        if (Many is not null) return Many(nodes, seed, baseline);
        var run = new FleetRun(nodes, seed, baseline);
        Play(run, nodes);
        return FleetFigures.Of(this, nodes, run);
    }
}
