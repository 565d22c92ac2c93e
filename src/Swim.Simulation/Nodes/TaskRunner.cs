using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>Runs the builtin tools of one life in virtual time: the answer comes when the tool's wait and a little work are over.</summary>
internal sealed class TaskRunner(NodeSetup setup, ProcessLife life, NodeClock clock, SimWorld world, Prng prng, Action<AttemptId, AttemptOutcome> onEnd)
{
    private static readonly TimeSpan WorkMin = TimeSpan.FromMilliseconds(0.05);
    private static readonly TimeSpan WorkMax = TimeSpan.FromMilliseconds(2);

    private readonly SortedDictionary<AttemptId, Running> _running = [];

    private sealed record Running(StartTask Task, long StartedUnixMs);

    /// <summary>Begins an attempt.</summary>
    public void Start(StartTask task)
    {
        Invariant.Holds(!_running.ContainsKey(task.Attempt), "an attempt is started once in a life");
        world.Observers.OnTaskStarted(setup.Index, task);
        var running = new Running(task, clock.Now.WallMs);
        _running[task.Attempt] = running;
        var result = Run(task);
        var work = prng.Between(WorkMin, WorkMax);
        var isLate = result.Delay > task.Timeout;
        var wait = isLate ? task.Timeout : result.Delay + work;
        if (isLate) result = ToolOutcome.Failed(ToolFailureCode.Timeout, $"The attempt ran longer than {task.Timeout}.", retryable: true);
        End(running, wait, result);
    }

    /// <summary>Ends an attempt early, if it still runs.</summary>
    public void Stop(StopTask stop)
    {
        if (!_running.TryGetValue(stop.Attempt, out var running)) return;
        // Another object: the end that is already set no longer finds its own.
        running = running with { };
        _running[stop.Attempt] = running;
        End(running, TimeSpan.Zero, null);
    }

    private ToolOutcome Run(StartTask task) =>
        CanonicalJson.TryRead(task.Arguments.Span, out var arguments) && arguments is JsonObject members
            ? TellingTool.Run(setup.Index, members) ?? BuiltinTools.Run(task.Tool, members)
            : ToolOutcome.Failed(ToolFailureCode.InvalidArgument, "The arguments are not a JSON object.");

    private void End(Running running, TimeSpan after, ToolOutcome? result) =>
        world.Timeline.After(after, new SimEvent(EventKind.TaskEnd, setup.Index, life, default, () =>
        {
            var attempt = running.Task.Attempt;
            if (!_running.TryGetValue(attempt, out var current) || !ReferenceEquals(current, running)) return;
            _running.Remove(attempt);
            var outcome = Outcome(running, result);
            world.Observers.OnTaskEnded(setup.Index, running.Task, outcome);
            onEnd(attempt, outcome);
        }));

    private AttemptOutcome Outcome(Running running, ToolOutcome? result)
    {
        var kind = result switch
        {
            null => AttemptOutcomeKind.Stopped,
            { IsSuccess: true } => AttemptOutcomeKind.Succeeded,
            _ => AttemptOutcomeKind.Failed,
        };
        var failure = result?.Failure;
        return new AttemptOutcome(
            kind, result?.OutputJson ?? default, failure?.Code ?? "", failure?.Message ?? "", failure?.Retryable ?? false, running.StartedUnixMs, clock.Now.WallMs);
    }
}
