using Microsoft.Extensions.Logging;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;

namespace Swim.Node.Hosting;

/// <summary>
/// What happens to workflows here, a line each: every one has the field Workflow, one about a task Task and Attempt too. Values, outputs
/// and the texts of errors are in none: they are the users'. What goes as it should is Debug, since there may be thousands a second.
/// </summary>
internal sealed partial class WorkLog(ILogger logger)
{
    [LoggerMessage(1100, LogLevel.Debug, "Workflow {Workflow} submitted here, acked {Acked}, existing {Existing}")]
    public partial void Submitted(WorkflowId workflow, AckLevel acked, bool existing);

    [LoggerMessage(1101, LogLevel.Information, "Workflow {Workflow} cancelled from here; it was {State}")]
    public partial void CancelAsked(WorkflowId workflow, WorkflowState state);

    [LoggerMessage(EventId = 1102, Message = "Workflow {Workflow} ended: {State}")]
    public partial void Ended(LogLevel level, WorkflowId workflow, WorkflowState state);

    [LoggerMessage(1103, LogLevel.Warning, "Workflow {Workflow} is cancelled: {Holder} has its idempotency key; both were submitted during a split")]
    public partial void Yielded(WorkflowId workflow, WorkflowId holder);

    [LoggerMessage(1104, LogLevel.Warning, "Task {Task} of workflow {Workflow}: {State} by attempt {Attempt} on {Executor} displaces {Displaced} on {DisplacedExecutor}; two parts of the cluster had run it, see swim merges")]
    public partial void Flipped(WorkflowId workflow, string task, int attempt, TaskState state, NodeId executor, TaskState displaced, NodeId displacedExecutor);

    [LoggerMessage(1110, LogLevel.Debug, "Attempt {Attempt} of task {Task} of workflow {Workflow} granted to {Executor} after {WaitedMs} ms")]
    public partial void Claimed(WorkflowId workflow, string task, int attempt, NodeId executor, long waitedMs);

    [LoggerMessage(1111, LogLevel.Debug, "Task {Task} of workflow {Workflow} is {State}, attempt {Attempt} on {Executor}")]
    public partial void Moved(WorkflowId workflow, string task, int attempt, TaskState state, NodeId executor);

    [LoggerMessage(1112, LogLevel.Information, "Attempt {Attempt} of task {Task} of workflow {Workflow} failed on {Executor} with {Code}; there will be another")]
    public partial void WillRetry(WorkflowId workflow, string task, int attempt, NodeId executor, string code);

    [LoggerMessage(1113, LogLevel.Warning, "Task {Task} of workflow {Workflow} failed with {Code}, attempt {Attempt} on {Executor}")]
    public partial void Failed(WorkflowId workflow, string task, int attempt, NodeId executor, string code);

    [LoggerMessage(1114, LogLevel.Warning, "Attempt {Attempt} of task {Task} of workflow {Workflow} was lost with {Executor}")]
    public partial void Lost(WorkflowId workflow, string task, int attempt, NodeId executor);

    [LoggerMessage(1130, LogLevel.Debug, "Workflow {Workflow} ended as {State} and is forgotten at the end of its retention")]
    public partial void Collected(WorkflowId workflow, WorkflowState state);

    [LoggerMessage(1131, LogLevel.Warning, "Workflow {Workflow} of {From} is refused: it is unknown here and older than all that is")]
    public partial void BelowFloor(WorkflowId workflow, NodeId from);

    [LoggerMessage(1132, LogLevel.Error, "Workflow {Workflow} is set aside: every other owner refuses it; its cells stay on this node's disk")]
    public partial void SetAside(WorkflowId workflow);

    [LoggerMessage(1120, LogLevel.Debug, "Attempt {Attempt} of task {Task} of workflow {Workflow} begins here: {Tool}")]
    public partial void Begun(WorkflowId workflow, string task, int attempt, string tool);

    [LoggerMessage(1121, LogLevel.Debug, "Attempt {Attempt} of task {Task} of workflow {Workflow} ended here after {DurationMs} ms: {Outcome} {Code}")]
    public partial void Finished(WorkflowId workflow, string task, int attempt, AttemptOutcomeKind outcome, string code, long durationMs);
}
