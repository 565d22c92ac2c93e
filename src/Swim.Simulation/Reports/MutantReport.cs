using System.Globalization;
using System.Text.Json.Nodes;
using Swim.Simulation.Mutants;

namespace Swim.Simulation.Reports;

/// <summary>What is written of planted bugs: a table for people, which is the one in docs/TESTING.md, and an object for programs.</summary>
internal static class MutantReport
{
    /// <summary>The head of the table.</summary>
    public const string Head = """
        | planted bug | seen by | runs | scenario, nodes, seed |
        |---|---|---|---|
        """;

    /// <summary>One row.</summary>
    public static string Row(MutantVerdict verdict) => string.Create(CultureInfo.InvariantCulture,
        $"| `{verdict.Mutant}` | {SeenBy(verdict)} | {verdict.Runs} | {(verdict.IsCaught ? $"{verdict.Scenario}, {verdict.Nodes}, {verdict.Seed}" : "")} |");

    /// <summary>What contradicts each promise, for a single bug.</summary>
    public static IEnumerable<string> Details(MutantVerdict verdict) => verdict.Broken.Select(static broken => $"  {broken.Key}: {broken.Value}");

    /// <summary>All of them as one line of JSON.</summary>
    public static string Line(IReadOnlyList<MutantVerdict> verdicts) => new JsonObject
    {
        ["mutants"] = new JsonArray([.. verdicts.Select(Of)]),
        ["caught"] = verdicts.Count(static verdict => verdict.IsCaught),
        ["ok"] = verdicts.All(static verdict => verdict.IsCaught),
    }.ToJsonString();

    private static string SeenBy(MutantVerdict verdict) =>
        verdict.IsCaught ? string.Join(", ", verdict.Broken.Select(static broken => broken.Key)) : "**nobody**";

    private static JsonObject Of(MutantVerdict verdict) => new()
    {
        ["mutant"] = verdict.Mutant.ToString(),
        ["caught"] = verdict.IsCaught,
        ["checkers"] = new JsonArray([.. verdict.Broken.Select(static broken => (JsonNode)broken.Key)]),
        ["runs"] = verdict.Runs,
        ["scenario"] = verdict.Scenario,
        ["nodes"] = verdict.Nodes,
        ["seed"] = verdict.Seed,
        ["again"] = verdict.ReplayCommand,
    };
}
