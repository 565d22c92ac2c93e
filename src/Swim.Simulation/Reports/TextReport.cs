using System.Globalization;
using Swim.Simulation.Scenarios;

namespace Swim.Simulation.Reports;

/// <summary>What people read: a line for each run, and for a failed one what was broken and how to see it again.</summary>
public static class TextReport
{
    /// <summary>Writes one run.</summary>
    public static void Write(TextWriter to, RunResult run)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(run.IsOk ? "ok  " : "FAIL")} {run.Spec.Scenario.Name} seed {run.Spec.Seed}, {run.Spec.Nodes} nodes: {run.Virtual.TotalSeconds:0.0} s of virtual time in {run.Real.TotalSeconds:0.00} s, {run.Metrics["events"]} events, trace {run.TraceHash}"));
        if (run.IsOk) return;
        foreach (var (name, violation) in run.Broken) to.WriteLine($"     {name}: {violation}");
        to.WriteLine($"     again: {run.Spec.Command}");
        to.WriteLine("     smaller: the same with --shrink");
    }

    /// <summary>Writes what several runs come to.</summary>
    public static void WriteSum(TextWriter to, IReadOnlyList<RunResult> runs, TimeSpan real)
    {
        var failed = runs.Count(run => !run.IsOk);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs.Count - failed} runs held, {failed} failed, {real.TotalSeconds:0.0} s"));
    }
}
