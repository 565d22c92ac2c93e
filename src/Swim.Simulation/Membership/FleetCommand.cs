using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Swim.Simulation.Membership;

/// <summary>The part of <c>swim-sim</c> that runs membership cores alone. Exit codes as those of the whole.</summary>
internal sealed record FleetCommand
{
    /// <summary>The argument that asks for it.</summary>
    public const string Flag = "--membership";

    private const int NodesMax = 15_000;
    private const ulong SeedsMax = 10_000;

    /// <summary>How to call it.</summary>
    public static string Usage { get; } = $"""
               sim.sh --membership NAME [--detector NAME | all] [--nodes N] [--seed S | --seeds A-B] [--json]
               sim.sh --membership tables --into PAGE [--full]
          --membership  the membership cores alone, very many of them: {string.Join(", ", FleetScenario.All.Select(static scenario => scenario.Name))};
                        tables: runs them all
          --into        the page that the tables are written into: docs/MEMBERSHIP.md
          --detector    {string.Join(", ", Baseline.All.Select(static one => one.Name))}, all (default ours)
          --full        tables with the whole sweep and the whole join storm (half an hour)
        """;

    private FleetScenario? Scenario { get; init; }

    private IReadOnlyList<Baseline> Detectors { get; init; } = [Baseline.Ours];

    private int? Nodes { get; init; }

    private ulong First { get; init; } = 1;

    private ulong Last { get; init; } = 1;

    private bool Json { get; init; }

    private bool Full { get; init; }

    private string Page { get; init; } = "";

    /// <summary>Does what the arguments ask for.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        if (Read(arguments, out var fault) is not { } command)
        {
            errors.WriteLine(fault);
            errors.WriteLine("usage:");
            errors.WriteLine(Usage);
            return 2;
        }

        if (command.Scenario is not null) return command.RunAll(output);
        if (command.Page.Length > 0 && FleetTables.WriteInto(command.Page, command.Full, output)) return 0;
        errors.WriteLine($"'{command.Page}' has no line '{FleetTables.Mark}'.");
        return 1;
    }

    /// <summary>Reads the arguments; null with a <paramref name="fault"/>.</summary>
    internal static FleetCommand? Read(IReadOnlyList<string> arguments, out string fault)
    {
        var command = new FleetCommand();
        fault = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            var value = name is "--json" or "--full" ? "" : ++i < arguments.Count ? arguments[i] : null;
            if (value is null || command.With(name, value) is not { } read)
            {
                fault = $"'{name} {value}' cannot be read.";
                return null;
            }

            command = read;
        }

        return command;
    }

    private FleetCommand? With(string name, string value) => name switch
    {
        "--json" => this with { Json = true },
        "--full" => this with { Full = true },
        "--into" => File.Exists(value) ? this with { Page = value } : null,
        Flag when value == "tables" => this,
        Flag => FleetScenario.Find(value) is { } scenario ? this with { Scenario = scenario } : null,
        "--detector" when value == "all" => this with { Detectors = Baseline.All },
        "--detector" => Baseline.Find(value) is { } one ? this with { Detectors = [one] } : null,
        "--nodes" => TryNumber(value, out var nodes) && nodes is >= 2 and <= NodesMax ? this with { Nodes = (int)nodes } : null,
        "--seed" => TryNumber(value, out var seed) ? this with { First = seed, Last = seed } : null,
        "--seeds" => WithSeeds(value.Split('-')),
        _ => null,
    };

    private FleetCommand? WithSeeds(string[] ends) =>
        ends.Length == 2 && TryNumber(ends[0], out var first) && TryNumber(ends[1], out var last) && first <= last && last - first < SeedsMax
            ? this with { First = first, Last = last }
            : null;

    private int RunAll(TextWriter output)
    {
        var runs = new List<FleetFigures>();
        for (var seed = First; seed <= Last; seed++)
        {
            foreach (var detector in Detectors)
            {
                runs.Add(Timed(Scenario!, Nodes ?? Scenario!.Nodes, seed, detector));
                WriteText(output, runs[^1]);
            }
        }

        if (Json) output.WriteLine(JsonOf(runs));
        return runs.All(static run => run.IsOk) ? 0 : 1;
    }

    /// <summary>Runs a scenario and takes the real time.</summary>
    internal static FleetFigures Timed(FleetScenario scenario, int nodes, ulong seed, Baseline detector)
    {
        var watch = Stopwatch.StartNew();
        return scenario.Run(nodes, seed, detector) with { Real = watch.Elapsed };
    }

    private static void WriteText(TextWriter output, FleetFigures run)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(run.IsOk ? "ok  " : "FAIL")} {run.Scenario} {run.Baseline}: {run.Nodes} nodes, seed {run.Seed}, {run.Virtual.TotalSeconds:0} s in {run.Real.TotalSeconds:0.0} s, {run.Events} events, trace {run.TraceHash}"));
        output.WriteLine("     " + string.Join(", ", run.Metrics.Select(static metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value}"))));
        foreach (var (name, broken) in run.Checks.Where(static check => check.Value is not null)) output.WriteLine($"     {name}: {broken}");
        if (!run.IsOk) output.WriteLine("     again: " + run.Command);
    }

    private static string JsonOf(List<FleetFigures> runs) =>
        (runs.Count == 1 ? JsonOf(runs[0]) : new JsonObject { ["runs"] = new JsonArray([.. runs.Select(JsonOf)]), ["ok"] = runs.All(static run => run.IsOk) }).ToJsonString();

    private static JsonObject JsonOf(FleetFigures run) => new()
    {
        ["scenario"] = run.Scenario,
        ["detector"] = run.Baseline,
        ["nodes"] = run.Nodes,
        ["seed"] = run.Seed,
        ["trace_hash"] = run.TraceHash,
        ["virtual_s"] = Math.Round(run.Virtual.TotalSeconds, 3),
        ["real_s"] = Math.Round(run.Real.TotalSeconds, 3),
        ["checks"] = new JsonObject(run.Checks.Select(static check => KeyValuePair.Create(check.Key, (JsonNode?)(check.Value is null)))),
        ["metrics"] = new JsonObject(run.Metrics.Select(static metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
        ["ok"] = run.IsOk,
    };

    private static bool TryNumber(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
