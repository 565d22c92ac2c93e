using System.Globalization;

namespace Swim.Simulation.Membership;

/// <summary>The tables of docs/MEMBERSHIP.md: every figure in them comes from a run made for them.</summary>
internal static class FleetTables
{
    /// <summary>The line of the page below which the tables stand.</summary>
    public const string Mark = "<!-- Below this line scripts/membership.sh writes. -->";

    private const ulong Seed = 1;

    private static readonly (string Head, string Metric)[] Detection =
    [
        ("first p50 s", "first_detection_p50_s"), ("first p99 s", "first_detection_p99_s"), ("full p50 s", "full_detection_p50_s"),
        ("full p99 s", "full_detection_p99_s"), ("unnoticed", "undetected_pairs"), ("healthy removed", "healthy_removed"),
    ];

    private static readonly (string Head, string Metric)[] Quiet =
    [
        ("healthy removed", "healthy_removed"), ("false deaths", "false_deaths"), ("at healthy", "false_deaths_at_healthy"), ("false suspicions", "false_suspicions"),
        ("deaths of the faulty", "deaths_of_faulty"), ("transitions a node", "transitions_per_node"), ("most of a pair", "transitions_pair_max"),
        ("views", "views_max"), ("view sizes", "view_sizes"), ("one view s", "one_view_s"), ("late mistakes", "mistakes_after_stable"),
    ];

    private static readonly (string Head, string Metric)[] Cost =
    [
        ("messages/s", "messages_per_node_s"), ("KB/s mean", "kb_per_node_s_mean"), ("KB/s p99", "kb_per_node_s_p99"), ("KB/s max", "kb_per_node_s_max"),
    ];

    private static readonly (string Head, string Metric)[] Sweep =
    [
        ("cells", "cells"), ("false deaths", "false_deaths"), ("at healthy", "false_deaths_at_healthy"), ("false suspicions", "false_suspicions"),
        ("deaths of the blocked", "deaths_of_faulty"), ("messages", "messages"), ("kilobytes", "kilobytes"),
    ];

    /// <summary>
    /// Makes all runs and writes the tables into the page, below <see cref="Mark"/>, anew after each scenario: a run that is broken off
    /// leaves whole tables of what it came to. False when the page has no such line. How far it is goes to <paramref name="progress"/>.
    /// </summary>
    public static bool WriteInto(string page, bool full, TextWriter progress)
    {
        var head = File.ReadLines(page).TakeWhile(static line => line != Mark).ToList();
        if (!File.ReadLines(page).Contains(Mark)) return false;
        var runs = new List<FleetFigures>();
        foreach (var scenario in FleetScenario.All.Where(one => one.IsInTables(full)))
        {
            foreach (var detector in Baseline.All)
            {
                runs.Add(FleetCommand.Timed(scenario, full ? scenario.Nodes : scenario.NodesInShort, Seed, detector));
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenario.Name} {detector.Name}: {runs[^1].Real.TotalSeconds:0.0} s"));
            }

            using var output = new StringWriter { NewLine = "\n" };
            foreach (var line in head) output.WriteLine(line);
            output.WriteLine(Mark);
            Write(output, runs);
            File.WriteAllText(page, output.ToString());
        }

        return true;
    }

    /// <summary>Writes the tables of these runs.</summary>
    internal static void Write(TextWriter output, List<FleetFigures> runs)
    {
        output.WriteLine();
        WriteDetectors(output);
        WriteTable(output, "Detection of crashes", Detection, runs.Where(static run => run["crashes"] > 0));
        WriteTable(output, "Blocked members", Sweep, runs.Where(static run => run["cells"] > 0));
        WriteShares(output, runs);
        WriteTable(output, "Rest and unrest", Quiet, runs.Where(static run => run["cells"] == 0));
        WriteTable(output, "Cost for each node", Cost, runs.Where(static run => run["cells"] == 0));
        WriteChecks(output, runs);
    }

    private static void WriteDetectors(TextWriter output)
    {
        output.WriteLine("| detector | what it is |");
        output.WriteLine("|---|---|");
        foreach (var detector in Baseline.All) output.WriteLine($"| {detector.Name} | {detector.Summary} |");
        output.WriteLine();
        output.WriteLine("| scenario | what happens |");
        output.WriteLine("|---|---|");
        foreach (var scenario in FleetScenario.All) output.WriteLine($"| {scenario.Name} | {scenario.Summary} |");
    }

    private static void WriteTable(TextWriter output, string title, (string Head, string Metric)[] columns, IEnumerable<FleetFigures> runs)
    {
        output.WriteLine();
        output.WriteLine($"## {title}");
        output.WriteLine($"| scenario | nodes | detector | {string.Join(" | ", columns.Select(static column => column.Head))} |");
        output.WriteLine($"|---|---:|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length))}");
        foreach (var run in runs)
            output.WriteLine($"| {run.Scenario} | {run.Nodes} | {run.Baseline} | {string.Join(" | ", columns.Select(column => Text(run, column.Metric)))} |");
    }

    private static string Text(FleetFigures run, string metric) =>
        run.Metrics.TryGetValue(metric, out var value) ? Math.Round(value, 2).ToString(CultureInfo.InvariantCulture) : "–";

    // The two numbers that the paper's table ends in.
    private static void WriteShares(TextWriter output, List<FleetFigures> runs)
    {
        var ours = Baseline.Ours.Name;
        foreach (var plain in runs.Where(static run => run.Baseline == Baseline.Plain.Name))
        {
            if (runs.Find(run => run.Scenario == plain.Scenario && run.Baseline == ours) is not { } own) continue;
            if (plain["cells"] > 0)
                output.WriteLine($"\n{plain.Scenario}: ours has {Share(own, plain, "false_deaths")} of plain SWIM's false deaths, {Share(own, plain, "false_deaths_at_healthy")} of those at healthy members.");
            if (plain["crashes"] >= 10)
                output.WriteLine($"\n{plain.Scenario}: ours needs {Share(own, plain, "full_detection_p50_s")} of plain SWIM's median time to full detection.");
        }
    }

    private static string Share(FleetFigures own, FleetFigures plain, string metric) =>
        plain[metric] > 0 ? (own[metric] / plain[metric]).ToString("P1", CultureInfo.InvariantCulture) : $"{own[metric]} (against {plain[metric]})";

    private static void WriteChecks(TextWriter output, List<FleetFigures> runs)
    {
        output.WriteLine();
        output.WriteLine("## Promises");
        output.WriteLine("| scenario | detector | promise | held | what broke it |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var run in runs)
        {
            foreach (var (name, broken) in run.Checks)
                output.WriteLine($"| {run.Scenario} | {run.Baseline} | {name} | {(broken is null ? "yes" : "**no**")} | {broken} |");
        }
    }
}
