using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Swim.Core.Scheduling;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Swim.Node.Hosting;

namespace Swim.Node.Workers;

/// <summary>
/// Runs attempts: each ends exactly once, with a result, a failure, or stopped. The scheduling core bounds how many run at once.
/// </summary>
internal sealed class WorkerPool(Action<AttemptId, AttemptOutcome> onEnded) : IDisposable
{
    private readonly ConcurrentDictionary<AttemptId, CancellationTokenSource> _running = new();

    /// <summary>Starts an attempt and returns at once.</summary>
    public void Start(StartTask task)
    {
        var stop = new CancellationTokenSource();
        _running[task.Attempt] = stop;
        _ = Task.Run(() => RunAsync(task, stop));
    }

    /// <summary>Stops an attempt if it still runs.</summary>
    public void Stop(AttemptId attempt)
    {
        if (_running.TryGetValue(attempt, out var stop)) stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var stop in _running.Values) stop.Cancel();
    }

    private async Task RunAsync(StartTask task, CancellationTokenSource stop)
    {
        var started = HostClock.Now.WallMs;
        var (kind, outcome) = await EndAsync(task, stop.Token).ConfigureAwait(false);
        _running.TryRemove(task.Attempt, out _);
        stop.Dispose();
        onEnded(task.Attempt, new AttemptOutcome(
            kind, outcome.OutputJson, outcome.Failure?.Code ?? "", outcome.Failure?.Message ?? "", outcome.Failure?.Retryable ?? false, started, HostClock.Now.WallMs));
    }

    private static async Task<(AttemptOutcomeKind Kind, ToolOutcome Outcome)> EndAsync(StartTask task, CancellationToken stop)
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

    private static async Task<ToolOutcome> RunToolAsync(StartTask task, CancellationToken cancellation)
    {
        if (!BuiltinTools.Has(task.Tool) || !CanonicalJson.TryRead(task.Arguments.Span, out var arguments) || arguments is not JsonObject fields)
            return ToolOutcome.Failed(ToolFailureCode.ToolUnavailable, $"This node cannot run {task.Tool}.");
        var outcome = BuiltinTools.Run(task.Tool, fields);
        if (outcome.Delay > TimeSpan.Zero) await Task.Delay(outcome.Delay, cancellation).ConfigureAwait(false);
        return outcome;
    }
}
