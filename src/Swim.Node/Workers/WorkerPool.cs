using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Swim.Node.Hosting;
using Swim.Node.Observability;
using Swim.Node.Workers.Http;

namespace Swim.Node.Workers;

/// <summary>
/// Runs attempts: each ends exactly once, with a result, a failure, or stopped. The scheduling core bounds how many run at once.
/// </summary>
internal sealed class WorkerPool(bool allowShell, HttpAccess httpAccess, Action<AttemptId, AttemptOutcome> onEnded, WorkLog? log = null, TaskMetrics? metrics = null) : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<AttemptId, Run> _running = new();
    private readonly HttpTool _http = new(httpAccess);

    /// <summary>Starts an attempt and returns at once.</summary>
    public void Start(StartTask task)
    {
        var run = new Run();
        metrics?.Started();
        log?.Begun(task.Attempt.Workflow, task.TaskName, task.Attempt.Attempt, task.Tool);
        _running[task.Attempt] = run;
        run.Ended = Task.Run(() => RunAsync(task, run.Stop.Token));
    }

    /// <summary>Stops an attempt if it still runs.</summary>
    public void Stop(AttemptId attempt)
    {
        // Off this thread: killing a program's process tree takes its time.
        if (_running.TryGetValue(attempt, out var run)) _ = run.Stop.CancelAsync();
    }

    /// <summary>Stops all attempts and waits a moment for their programs to be gone.</summary>
    public void Dispose()
    {
        var runs = _running.Values;
        foreach (var run in runs) _ = run.Stop.CancelAsync();
        Task.WhenAll(runs.Select(run => run.Ended)).Wait(StopPatience);
        _http.Dispose();
    }

    private async Task RunAsync(StartTask task, CancellationToken stop)
    {
        var started = HostClock.Now;
        var (kind, outcome) = await EndAsync(task, stop).ConfigureAwait(false);
        _running.TryRemove(task.Attempt, out _);
        var took = HostClock.Now.Since(started.Ticks);
        metrics?.Ended(task.Tool, kind, took);
        log?.Finished(task.Attempt.Workflow, task.TaskName, task.Attempt.Attempt, kind, outcome.Failure?.Code ?? "", (long)took.TotalMilliseconds);
        onEnded(task.Attempt, new AttemptOutcome(
            kind, outcome.OutputJson, outcome.Failure?.Code ?? "", outcome.Failure?.Message ?? "", outcome.Failure?.Retryable ?? false, started.WallMs, WallMsAfter(started))
        {
            RetryAfterMs = (long)(outcome.Failure?.RetryAfter.TotalMilliseconds ?? 0),
        });
    }

    // What a program needs to have its effect once only: the key is the same for every attempt of the task.
    private static JsonObject WithAttempt(JsonObject arguments, AttemptId attempt)
    {
        if (!arguments.ContainsKey("env")) arguments["env"] = new JsonObject();
        if (arguments["env"] is not JsonObject environment) return arguments;
        environment.TryAdd("SWIM_WORKFLOW_ID", attempt.Workflow.ToString());
        environment.TryAdd("SWIM_IDEMPOTENCY_KEY", KeyOf(attempt));
        environment.TryAdd("SWIM_ATTEMPT", attempt.Attempt.ToString(CultureInfo.InvariantCulture));
        return arguments;
    }

    private static string KeyOf(AttemptId attempt) => attempt.IdempotencyKey.ToString("x16", CultureInfo.InvariantCulture);

    // A wall clock that is set meanwhile does not change how long an attempt took.
    private static long WallMsAfter(Now started) => started.WallMs + (long)Math.Round(HostClock.Now.Since(started.Ticks).TotalMilliseconds);

    // The timer behind Task.Delay counts in the kernel's ticks and may fire some ms early; nobody who asked for 100 ms wants 96.
    private static async Task WaitAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var due = HostClock.Now.After(delay);
        while (due - HostClock.Now.Ticks is > 0 and var left) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(TimeSpan.FromTicks(left).TotalMilliseconds)), cancellation).ConfigureAwait(false);
    }

    private async Task<(AttemptOutcomeKind Kind, ToolOutcome Outcome)> EndAsync(StartTask task, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(task.Timeout);
        try
        {
            var outcome = await RunToolAsync(task, timeout.Token).ConfigureAwait(false);
            return (outcome.IsSuccess ? AttemptOutcomeKind.Succeeded : AttemptOutcomeKind.Failed, outcome);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (AttemptOutcomeKind.Stopped, ToolOutcome.Failed(ToolFailureCode.Cancelled, "Stopped on request."));
        }
        catch (OperationCanceledException)
        {
            return (AttemptOutcomeKind.Failed, ToolOutcome.Failed(ToolFailureCode.Timeout, $"The attempt ran longer than {task.Timeout.TotalMilliseconds} ms.", retryable: true));
        }
#pragma warning disable CA1031 // Whatever a tool throws is that attempt's failure, never the node's.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return (AttemptOutcomeKind.Failed, ToolOutcome.Failed("TOOL_CRASHED", failure.Message, retryable: true));
        }
    }

    private async Task<ToolOutcome> RunToolAsync(StartTask task, CancellationToken cancellation)
    {
        if (!CanonicalJson.TryRead(task.Arguments.Span, out var arguments) || arguments is not JsonObject fields)
            return ToolOutcome.Failed(ToolFailureCode.InvalidArgument, $"{task.Tool}: the arguments are no JSON object.");
        if (task.Tool == ToolCatalog.Shell)
        {
            return allowShell
                ? await ShellTool.RunAsync(WithAttempt(fields, task.Attempt), cancellation).ConfigureAwait(false)
                : ToolOutcome.Failed(ToolFailureCode.ToolUnavailable, "shell:exec is switched off on this node: start it with --allow-shell.");
        }
        if (task.Tool is ToolCatalog.HttpGet or ToolCatalog.HttpPost) return await _http.RunAsync(task.Tool, fields, KeyOf(task.Attempt), cancellation).ConfigureAwait(false);
        var outcome = BuiltinTools.Run(task.Tool, fields);
        await WaitAsync(outcome.Delay, cancellation).ConfigureAwait(false);
        return outcome;
    }

    private sealed class Run
    {
        // Never disposed: a stop may come while the attempt ends, and without a timer there is nothing to free.
        public CancellationTokenSource Stop { get; } = new();

        public Task Ended { get; set; } = Task.CompletedTask;
    }
}
