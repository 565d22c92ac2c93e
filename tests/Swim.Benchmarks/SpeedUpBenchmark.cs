using Swim.Client;
using Swim.V1;

namespace Swim.Benchmarks;

/// <summary>
/// How much of the time that tasks take is left when they run side by side: five independent tasks of 100 ms, and
/// [t1, t2] -> t3 -> [t4, t5] of 100 ms each, as the nodes' own clocks tell it. What is beyond 100 and 300 ms is what the
/// orchestrator costs. Targets are held by the best of the runs: what a run can take, not what others took from it.
/// </summary>
public sealed class SpeedUpBenchmark(SwimClient client, int nodes)
{
    private const int Runs = 20;
    private const int WarmUps = 3;
    private const int TaskMs = 100;
    private const int Tasks = 5;

    private static readonly Shape _independent = new("independent", Layers: 1, TargetMs: 150, TargetSpeedUp: 3, _ => "[]");
    private static readonly Shape _diamond = new("diamond", Layers: 3, TargetMs: 350, TargetSpeedUp: null, static task => task switch
    {
        3 => """["t1","t2"]""",
        4 or 5 => """["t3"]""",
        _ => "[]",
    });

    /// <summary>Both shapes, one run after another, after a few that do not count.</summary>
    public async Task<IReadOnlyList<Measure>> RunAsync()
    {
        var measures = new List<Measure>();
        foreach (var shape in new[] { _independent, _diamond })
        {
            for (var run = 0; run < WarmUps; run++) await RunAsync(shape).ConfigureAwait(false);
            var runs = new List<Workflow>();
            for (var run = 0; run < Runs; run++) runs.Add(await RunAsync(shape).ConfigureAwait(false));
            measures.AddRange(Measures(shape, runs));
        }

        return measures;
    }

    private IEnumerable<Measure> Measures(Shape shape, List<Workflow> runs)
    {
        var walls = new Distribution(runs.Select(static run => TimeSpan.FromMilliseconds(WallMs(run))));
        var id = $"n{nodes}/{shape.Name}/";
        yield return new Measure(id + "best_ms", walls.At(0), "ms", Better.Lower, shape.TargetMs, shape.Layers * TaskMs);
        yield return new Measure(id + "p50_ms", walls.At(0.5), "ms", Better.Lower, Limit: shape.Layers * TaskMs);
        yield return new Measure(id + "worst_ms", walls.At(1), "ms", Better.Lower, Limit: shape.Layers * TaskMs);
        yield return new Measure(id + "speedup", runs.Max(SpeedUp), "x", Better.Higher, shape.TargetSpeedUp, Tasks / (double)shape.Layers);
    }

    private async Task<Workflow> RunAsync(Shape shape)
    {
        var run = await client.RunAsync(new SubmitWorkflowRequest { Document = shape.Document, Format = "json" }).ConfigureAwait(false);
        if (run.State != WorkflowState.Succeeded || run.Layers != shape.Layers)
            throw new InvalidOperationException($"A workflow of {run.Layers} layers ended as {run.State}.");
        return run;
    }

    private static long WallMs(Workflow run) => run.FinishedUnixMs - run.CreatedUnixMs;

    private static double SpeedUp(Workflow run) =>
        run.Tasks.Sum(static task => task.FinishedUnixMs - task.StartedUnixMs) / (double)WallMs(run);

    private sealed record Shape(string Name, int Layers, double TargetMs, double? TargetSpeedUp, Func<int, string> DependsOn)
    {
        public string Document => $$"""{"name":"{{Name}}","tasks":[{{string.Join(',', Enumerable.Range(1, Tasks).Select(Task))}}]}""";

        private string Task(int task) =>
            $$"""{"id":"t{{task}}","tool":"builtin:delay","arguments":{"ms":{{TaskMs}}},"depends_on":{{DependsOn(task)}}}""";
    }
}
