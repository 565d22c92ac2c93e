using System.Globalization;
using Swim.Core.Primitives;
using Swim.Simulation.Mutants;
using Swim.Simulation.Scenarios;

namespace Swim.Simulation.Reports;

/// <summary>What the command line asks for.</summary>
public sealed record CommandLine
{
    private const ulong SeedsMax = 1_000_000;

    /// <summary>How to call it.</summary>
    public static string Usage { get; } = $"""
        usage: sim.sh [--scenario NAME] [--nodes N] [--seed S | --seeds A-B] [--json] [--trace]
               sim.sh --shrink --scenario NAME --nodes N --seed S [--json]
               sim.sh --mutants | --mutant NAME [--seed S | --seeds A-B] [--json]
          --scenario  {string.Join(", ", Scenario.All.Select(static scenario => scenario.Name))} (default {Scenario.Default})
          --nodes     how many nodes, 1 to 1000 (default 30)
          --seed      one run (default 1)
          --seeds     one run for each seed from A to B
          --json      the last line of standard output is one JSON object
          --shrink    makes a failing run smaller and prints the command of the smallest
          --trace     every event and notice of one run on standard error
          --mutants   plants each bug of a list and runs seeds until a checker sees it (default 1-2000)
          --mutant    the same with one of them, and what was broken
        what a smaller run is told by:
          --keep-faults     the numbers of the faults that are kept: 3,7 or none
          --keep-workflows  the numbers of the submissions that are kept
          --plan-nodes      for how many nodes the plan is drawn, of which there are only the first
          --heal-at         an earlier end of the faults, in seconds
          --shake           other chances of the network and the nodes, by number
          --plant           a bug in the runs of a scenario
        """;

    /// <summary>Which scenario.</summary>
    public Scenario Scenario { get; init; } = Scenario.Find(Scenario.Default)!;

    /// <summary>How many nodes.</summary>
    public int Nodes { get; init; } = 30;

    /// <summary>The first seed.</summary>
    public ulong First { get; init; } = 1;

    /// <summary>The last seed.</summary>
    public ulong Last { get; init; } = 1;

    /// <summary>True: a line of JSON at the end.</summary>
    public bool Json { get; init; }

    /// <summary>True: every event on standard error.</summary>
    public bool Trace { get; init; }

    /// <summary>The bugs to plant, or none for runs of a scenario.</summary>
    internal IReadOnlyList<Mutant> Mutants { get; init; } = [];

    /// <summary>True: the run is made smaller.</summary>
    public bool Shrinks { get; init; }

    /// <summary>What is left out of the plan, and the bug that is planted.</summary>
    private RunSpec Cut { get; init; } = new(Scenario.Find(Scenario.Default)!, 0, 0);

    private bool HasSeeds { get; init; }

    /// <summary>The run with that seed.</summary>
    public RunSpec Spec(ulong seed) => Cut with { Scenario = Scenario, Nodes = Nodes, Seed = seed };

    /// <summary>Reads the arguments; null with a <paramref name="fault"/> that says what is wrong.</summary>
    public static CommandLine? TryRead(IReadOnlyList<string> arguments, out string fault)
    {
        var line = new CommandLine();
        fault = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            var isFlag = name is "--json" or "--trace" or "--mutants" or "--shrink";
            if (!isFlag && i + 1 == arguments.Count)
            {
                fault = $"{name} needs a value.";
                return null;
            }

            if (line.With(name, isFlag ? "" : arguments[++i]) is not { } read)
            {
                fault = $"'{name}{(isFlag ? "" : " " + arguments[i])}' cannot be read.";
                return null;
            }

            line = read;
        }

        if (line.Mutants.Count > 0 && !line.HasSeeds) line = line with { Last = MutantHunt.RunsMax };
        if (line.Trace && line.First != line.Last) fault = "--trace is for one seed.";
        if (line.Shrinks && line.First != line.Last) fault = "--shrink is for one seed.";
        return fault.Length == 0 ? line : null;
    }

    private CommandLine? With(string name, string value) => name switch
    {
        "--json" => this with { Json = true },
        "--trace" => this with { Trace = true },
        "--shrink" => this with { Shrinks = true },
        "--keep-faults" => TryNumbers(value) is { } faults ? this with { Cut = Cut with { KeptFaults = faults } } : null,
        "--keep-workflows" => TryNumbers(value) is { } workflows ? this with { Cut = Cut with { KeptWorkflows = workflows } } : null,
        "--plan-nodes" => TryNumber(value, out var nodes) && nodes is >= 1 and <= 1_000 ? this with { Cut = Cut with { PlanNodes = (int)nodes } } : null,
        "--heal-at" => TrySeconds(value) is { } heal ? this with { Cut = Cut with { HealAt = heal } } : null,
        "--shake" => TryNumber(value, out var shake) && shake <= int.MaxValue ? this with { Cut = Cut with { Shake = (int)shake } } : null,
        "--plant" => MutantHunt.Find(value) is { } bug ? this with { Cut = Cut with { Bug = bug } } : null,
        "--scenario" => Scenario.Find(value) is { } scenario ? this with { Scenario = scenario } : null,
        "--nodes" => TryNumber(value, out var nodes) && nodes is >= 1 and <= 1_000 ? this with { Nodes = (int)nodes } : null,
        "--mutants" => this with { Mutants = MutantHunt.All },
        "--mutant" => MutantHunt.Find(value) is { } mutant ? this with { Mutants = [mutant] } : null,
        "--seed" => TryNumber(value, out var seed) ? this with { First = seed, Last = seed, HasSeeds = true } : null,
        "--seeds" => WithSeeds(value.Split('-')),
        _ => null,
    };

    private CommandLine? WithSeeds(string[] ends) =>
        ends.Length is 1 or 2 && TryNumber(ends[0], out var first) && TryNumber(ends[^1], out var last) && first <= last && last - first < SeedsMax
            ? this with { First = first, Last = last, HasSeeds = true }
            : null;

    private static List<int>? TryNumbers(string text)
    {
        var numbers = new List<int>();
        if (text == "none") return numbers;
        foreach (var part in text.Split(','))
        {
            if (!TryNumber(part, out var number) || number > int.MaxValue) return null;
            numbers.Add((int)number);
        }

        return numbers;
    }

    private static TimeSpan? TrySeconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 1_000_000 ? TimeSpan.FromSeconds(seconds) : null;

    private static bool TryNumber(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
