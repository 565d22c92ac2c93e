using System.Globalization;
using System.Text.Json.Nodes;
using Swim.Simulation.Scenarios;

namespace Swim.Simulation.Reports;

/// <summary>What is written of a run that was made smaller.</summary>
internal static class ShrinkReport
{
    /// <summary>One line: how big a run is.</summary>
    public static string SizeOf(RunResult run) => string.Create(CultureInfo.InvariantCulture,
        $"{run.Faults} faults, {run.Workflows} workflows, {run.Spec.Nodes} nodes, heal at {run.HealAt.TotalSeconds} s, {run.Metrics["events"]} events");

    /// <summary>Both as one line of JSON.</summary>
    public static string Line(RunResult whole, RunResult smallest, int runs) => new JsonObject
    {
        ["whole"] = JsonReport.Of(whole),
        ["smallest"] = JsonReport.Of(smallest),
        ["sizes"] = new JsonArray(SizeOf(whole), SizeOf(smallest)),
        ["runs"] = runs,
        ["ok"] = whole.IsOk,
    }.ToJsonString();
}
