using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Another node has seen writes of this node that this node knows nothing of: its disk is older than it was, as from a backup. It writes under
/// another id from now on, and takes from the others what it lacks.
/// </summary>
/// <param name="Teller">Who had seen them.</param>
public sealed record RollbackDetected(NodeId Teller) : Notice;

/// <summary>This node, which plans the workflow, granted an attempt to an executor.</summary>
/// <param name="Workflow">Whose task.</param>
/// <param name="Task">Its name within the workflow.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Executor">Who is to run it.</param>
/// <param name="Waited">
/// How long it waited for a slot: since its last dependency ended, or its retry was due. By the stamps of the cells, so with their
/// milliseconds and their nodes' clocks; zero where an attempt takes the place of a lost one.
/// </param>
public sealed record TaskClaimed(WorkflowId Workflow, string Task, int Attempt, NodeId Executor, TimeSpan Waited) : Notice;

/// <summary>This node wrote where a task stands; for a claim it gives <see cref="TaskClaimed"/> instead.</summary>
/// <param name="Workflow">Whose task.</param>
/// <param name="Task">Its name within the workflow.</param>
/// <param name="Attempt">The attempt it is about, from 1; 0 where none was made.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="Executor">The node of the attempt, or none.</param>
/// <param name="ErrorCode">Why; empty when there is nothing to say.</param>
public sealed record TaskMoved(WorkflowId Workflow, string Task, int Attempt, TaskState State, NodeId Executor, string ErrorCode) : Notice;

/// <summary>An attempt ended with its executor, or because that stopped it: the task runs again elsewhere unless that may not be.</summary>
/// <param name="Workflow">Whose task.</param>
/// <param name="Task">Its name within the workflow.</param>
/// <param name="Attempt">Which one.</param>
/// <param name="Executor">Who ran it.</param>
public sealed record AttemptLost(WorkflowId Workflow, string Task, int Attempt, NodeId Executor) : Notice;

/// <summary>After a split two workflows had one idempotency key: this one is cancelled.</summary>
/// <param name="Workflow">Which one is cancelled.</param>
/// <param name="Holder">Which one keeps the key.</param>
public sealed record KeyYielded(WorkflowId Workflow, WorkflowId Holder) : Notice;

/// <summary>
/// Another end of a task took the place of one that this node held for its end: two parts of the cluster had run it. Said by every owner
/// that sees it, planner or not.
/// </summary>
/// <param name="Workflow">Whose task.</param>
/// <param name="Task">Its name within the workflow.</param>
/// <param name="From">The end that was shown.</param>
/// <param name="FromExecutor">Who ran that attempt.</param>
/// <param name="To">The end that wins.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="ToExecutor">Who ran that attempt.</param>
public sealed record WinnerFlipped(WorkflowId Workflow, string Task, TaskState From, NodeId FromExecutor, TaskState To, int Attempt, NodeId ToExecutor) : Notice;

/// <summary>
/// A workflow that this node planned has come to its end. Said by whoever plans it then; where the planner changes at that moment two
/// nodes may say it.
/// </summary>
/// <param name="Workflow">Which one.</param>
/// <param name="State">A terminal state.</param>
public sealed record WorkflowEnded(WorkflowId Workflow, WorkflowState State) : Notice;

/// <summary>A workflow was forgotten at the end of its retention. Said by who planned it.</summary>
/// <param name="Workflow">Which one.</param>
/// <param name="State">How it had ended.</param>
public sealed record WorkflowCollected(WorkflowId Workflow, WorkflowState State) : Notice;

/// <summary>Another node offered a workflow that is unknown here and older than all that is: it was refused.</summary>
/// <param name="Workflow">Which one.</param>
/// <param name="From">Who holds it.</param>
public sealed record WorkflowRefused(WorkflowId Workflow, NodeId From) : Notice;

/// <summary>Every other home owner refuses a workflow that this node holds: it is kept aside here and shown to nobody.</summary>
/// <param name="Workflow">Which one.</param>
public sealed record WorkflowSetAside(WorkflowId Workflow) : Notice;

/// <summary>This node cannot forget: some member was not heard of for more than twice the grace. Said once, and again after it had caught up.</summary>
/// <param name="Lag">How far the horizon is behind.</param>
public sealed record FloorLagging(TimeSpan Lag) : Notice;
