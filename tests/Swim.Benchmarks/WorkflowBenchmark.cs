using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Swim.Client;
using Swim.V1;

namespace Swim.Benchmarks;

/// <summary>
/// How quickly one node, or three that replicate, with their logs on disk take, run and answer small workflows: [t1, t2] -> t3 -> [t4, t5] of tasks that do
/// nothing, submitted and followed over one channel by 1, 64 and 200 callers at once. The time of one is from its submission until
/// the caller sees its end. This is the path of every workflow in production, without the work itself.
/// </summary>
public sealed class WorkflowBenchmark(SwimClient client, int nodes, string directory, TimeSpan duration)
{
    // Submission, [t1, t2], t3, [t4, t5]: each must be durable before the next begins.
    private const int SerialCommits = 4;

    private const string Document = """
        {"name":"five","tasks":[
        {"id":"t1","tool":"builtin:echo","arguments":{"value":1}},
        {"id":"t2","tool":"builtin:echo","arguments":{"value":2}},
        {"id":"t3","tool":"builtin:echo","arguments":{"value":["$OUTPUT[t1]","$OUTPUT[t2]"]}},
        {"id":"t4","tool":"builtin:echo","arguments":{"value":"$OUTPUT[t3][0]"}},
        {"id":"t5","tool":"builtin:echo","arguments":{"value":"$OUTPUT[t3][1]"}}],
        "output":["$OUTPUT[t4]","$OUTPUT[t5]"]}
        """;

    /// <summary>All levels, after a warm-up that is not counted.</summary>
    public async Task<IReadOnlyList<Measure>> RunAsync()
    {
        await LevelAsync(1, duration / 4).ConfigureAwait(false);
        await LevelAsync(64, duration / 2).ConfigureAwait(false);
        // Before and after every level, and the best of them: a limit is what the disk can do, not what others left of it just then.
        var syncMs = SyncMs();
        var levels = new List<(int InFlight, Level Level)>();
        foreach (var inFlight in new[] { 1, 64, 200 })
        {
            levels.Add((inFlight, await LevelAsync(inFlight, duration).ConfigureAwait(false)));
            syncMs = Math.Min(syncMs, SyncMs());
        }

        return [new Measure(Id("disk/fdatasync_p50_ms"), syncMs, "ms", Better.Lower), .. levels.SelectMany(level => Measures(level.InFlight, syncMs * SerialCommits, level.Level))];
    }

    private double SyncMs() => DiskSync.Measure(directory).At(0.5);

    private string Id(string what) => string.Create(CultureInfo.InvariantCulture, $"n{nodes}/{what}");

    private IEnumerable<Measure> Measures(int inFlight, double floorMs, Level level)
    {
        var id = Id(string.Create(CultureInfo.InvariantCulture, $"c{inFlight}/"));
        double? rateTarget = inFlight == 64 && nodes == 1 ? 600 : null;
        double? timeTarget = inFlight == 1 && nodes == 1 ? 6 : null;
        // One commit serves all that wait for it, so only a caller that waits for its own has a limit in the disk.
        double? rateLimit = inFlight == 1 ? 1_000 / floorMs : null;
        yield return new Measure(id + "wf_per_s", level.Times.Count / level.Elapsed.TotalSeconds, "wf/s", Better.Higher, rateTarget, rateLimit);
        yield return new Measure(id + "p50_ms", level.Times.At(0.5), "ms", Better.Lower, timeTarget, floorMs);
        yield return new Measure(id + "p99_ms", level.Times.At(0.99), "ms", Better.Lower, Limit: floorMs);
        yield return new Measure(id + "client_cpu_cores", level.ClientCpu / level.Elapsed, "cores", Better.Lower);
    }

    private async Task<Level> LevelAsync(int inFlight, TimeSpan time)
    {
        var times = new ConcurrentBag<TimeSpan>();
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        await System.Threading.Tasks.Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => CallAsync(times, start, time))).ConfigureAwait(false);
        return new Level(new Distribution(times), Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
    }

    private async System.Threading.Tasks.Task CallAsync(ConcurrentBag<TimeSpan> times, long levelStart, TimeSpan time)
    {
        while (Stopwatch.GetElapsedTime(levelStart) < time)
        {
            var start = Stopwatch.GetTimestamp();
            var workflow = await client.RunAsync(new SubmitWorkflowRequest { Document = Document, Format = "json" }).ConfigureAwait(false);
            times.Add(Stopwatch.GetElapsedTime(start));
            if (workflow.State != WorkflowState.Succeeded || workflow.OutputJson != "[1,2]")
                throw new InvalidOperationException($"A workflow ended as {workflow.State} with output {workflow.OutputJson}.");
        }
    }

    private sealed record Level(Distribution Times, TimeSpan Elapsed, TimeSpan ClientCpu);
}
