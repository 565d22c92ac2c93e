using System.Diagnostics.Metrics;
using Swim.Core.Hosting;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Tools;

namespace Swim.Node.Observability;

/// <summary>Workflows and tasks: what was asked here, what this node planned, and what it ran.</summary>
internal sealed class TaskMetrics(Meter meter)
{
    private const string Busy = nameof(Busy);
    private const string OtherTool = "other";
    private readonly Histogram<double> _submits = meter.CreateHistogram<double>("swim_submit_seconds", description: "From a submission to its answer, by the ack level reached.");
    private readonly Counter<long> _refusals = meter.CreateCounter<long>("swim_refusals_total", description: "Commands refused after they were understood, by reason.");
    private readonly Counter<long> _claims = meter.CreateCounter<long>("swim_claims_total", description: "Attempts granted to executors by this node.");
    private readonly Histogram<double> _queue = meter.CreateHistogram<double>("swim_task_queue_seconds", description: "How long tasks that could run waited for a slot.");
    private readonly Counter<long> _retries = meter.CreateCounter<long>("swim_task_retries_total", description: "Attempts that failed and are followed by another, planned here.");
    private readonly Counter<long> _lost = meter.CreateCounter<long>("swim_attempts_lost_total", description: "Attempts lost with their executor, planned here.");
    private readonly Counter<long> _flips = meter.CreateCounter<long>("swim_winner_flips_total", description: "Ends of tasks that another end displaced after this node held them for the end.");
    private readonly Counter<long> _workflowsEnded = meter.CreateCounter<long>("swim_workflows_ended_total", description: "Workflows that ended while this node planned them, by state.");
    private readonly Counter<long> _started = meter.CreateCounter<long>("swim_tasks_started_total", description: "Attempts started on this node.");
    private readonly Counter<long> _ended = meter.CreateCounter<long>("swim_tasks_ended_total", description: "Attempts ended on this node, by outcome and tool.");
    private readonly Histogram<double> _run = meter.CreateHistogram<double>("swim_task_run_seconds", description: "How long attempts took, by outcome and tool.");

    public void BeginAtZero()
    {
        foreach (var reason in Enum.GetNames<RefusalReason>().Append(Busy)) _refusals.Add(0, NodeMetrics.Label("reason", reason));
        foreach (var state in Enum.GetValues<WorkflowState>().Where(static state => state.IsTerminal())) _workflowsEnded.Add(0, NodeMetrics.Label("state", state.ToString()));
        foreach (var tool in ToolCatalog.Names)
        {
            foreach (var outcome in Enum.GetNames<AttemptOutcomeKind>()) _ended.Add(0, NodeMetrics.Label("outcome", outcome), NodeMetrics.Label("tool", tool));
        }

        foreach (var counter in new[] { _claims, _retries, _lost, _flips, _started }) counter.Add(0);
    }

    /// <summary>A command was answered; null when the node had too much to do.</summary>
    public void Answered(Reply? reply, TimeSpan took)
    {
        if (reply is Submitted submitted) _submits.Record(took.TotalSeconds, NodeMetrics.Label("acked", submitted.Acked.ToString()));
        else if (reply is Refused refused) _refusals.Add(1, NodeMetrics.Label("reason", refused.Reason.ToString()));
        else if (reply is null) _refusals.Add(1, NodeMetrics.Label("reason", Busy));
    }

    /// <summary>The planner said something.</summary>
    public void On(Notice notice)
    {
        switch (notice)
        {
            case TaskClaimed claimed:
                _claims.Add(1);
                _queue.Record(claimed.Waited.TotalSeconds);
                break;
            case TaskMoved { State: TaskState.RetryWait }: _retries.Add(1); break;
            case AttemptLost: _lost.Add(1); break;
            case WinnerFlipped: _flips.Add(1); break;
            case WorkflowEnded ended: _workflowsEnded.Add(1, NodeMetrics.Label("state", ended.State.ToString())); break;
            default: break;
        }
    }

    public void Started() => _started.Add(1);

    public void Ended(string tool, AttemptOutcomeKind kind, TimeSpan took)
    {
        // A planner of another version may send tools that this one does not have.
        var (ofOutcome, ofTool) = (NodeMetrics.Label("outcome", kind.ToString()), NodeMetrics.Label("tool", ToolCatalog.Find(tool) is null ? OtherTool : tool));
        _ended.Add(1, ofOutcome, ofTool);
        _run.Record(took.TotalSeconds, ofOutcome, ofTool);
    }
}
