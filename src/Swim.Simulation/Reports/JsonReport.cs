using System.Text.Json.Nodes;
using Swim.Simulation.Scenarios;

namespace Swim.Simulation.Reports;

/// <summary>The one line of JSON for programs.</summary>
public static class JsonReport
{
    /// <summary>One run: its object; many: those under "runs", and "ok" for all.</summary>
    public static string Line(IReadOnlyList<RunResult> runs) =>
        (runs.Count == 1 ? Of(runs[0]) : new JsonObject { ["runs"] = new JsonArray([.. runs.Select(Of)]), ["ok"] = runs.All(run => run.IsOk) }).ToJsonString();

    internal static JsonObject Of(RunResult run)
    {
        var one = new JsonObject
        {
            ["scenario"] = run.Spec.Scenario.Name,
            ["nodes"] = run.Spec.Nodes,
            ["seed"] = run.Spec.Seed,
            ["trace_hash"] = run.TraceHash,
            ["virtual_s"] = Math.Round(run.Virtual.TotalSeconds, 3),
            ["real_s"] = Math.Round(run.Real.TotalSeconds, 3),
            ["checks"] = new JsonObject(run.Checks.Select(check => KeyValuePair.Create(check.Key, (JsonNode?)(check.Value is null)))),
            ["metrics"] = new JsonObject(run.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
            ["ok"] = run.IsOk,
        };
        if (run.IsOk) return one;
        one["broken"] = new JsonObject(run.Broken.Select(broken => KeyValuePair.Create(broken.Key, (JsonNode?)broken.Value)));
        one["again"] = run.Spec.Command;
        one["shrink"] = run.Spec.ShrinkCommand;
        return one;
    }
}
