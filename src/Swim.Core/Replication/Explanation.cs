using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Say why the open tasks of a workflow do not run; best answered by the owner that plans it.</summary>
/// <param name="Namespace">Must be the one it was submitted to.</param>
/// <param name="Id">Which one.</param>
/// <param name="Task">Only this task, whatever its state; empty for all that are neither ended nor running.</param>
public sealed record ExplainCommand(string Namespace, WorkflowId Id, string Task) : Command;

/// <summary>Why tasks do not run, as one owner knows it at one moment.</summary>
/// <param name="Id">Whose.</param>
/// <param name="State">Where the workflow stands.</param>
/// <param name="AnsweredBy">The owner that says so.</param>
/// <param name="Planner">Who plans it, as that owner sees it; none where nobody does.</param>
/// <param name="Tasks">At most <see cref="TasksMax"/>.</param>
/// <param name="More">How many more there are.</param>
public sealed record Explained(WorkflowId Id, WorkflowState State, NodeId AnsweredBy, NodeId Planner, IReadOnlyList<TaskExplanation> Tasks, int More) : Reply
{
    /// <summary>Most of <see cref="Tasks"/>.</summary>
    public const int TasksMax = 1_000;
}

/// <summary>Why one task does not run.</summary>
/// <param name="Task">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">The kind of reason.</param>
/// <param name="Text">The same in words, with what is not known where that matters.</param>
/// <param name="SinceUnixMs">Since when; 0 where that is not known.</param>
/// <param name="UntilUnixMs">Until when at least; 0 where that is not known.</param>
public sealed record TaskExplanation(string Task, TaskState State, WaitReason Reason, string Text, long SinceUnixMs = 0, long UntilUnixMs = 0);

/// <summary>Kinds of reasons for which a task does not run.</summary>
public enum WaitReason : byte
{
    /// <summary>Nothing that the answering owner knows of holds it back.</summary>
    Nothing = 1,

    /// <summary>Others have to succeed first.</summary>
    Dependencies = 2,

    /// <summary>It waits in the queue of an executor.</summary>
    Slot = 3,

    /// <summary>No member can run its tool now.</summary>
    NoMember = 4,

    /// <summary>It failed, and is tried again later.</summary>
    Retry = 5,

    /// <summary>Too few of its voters are in reach, or they refused.</summary>
    Majority = 6,

    /// <summary>Its claim is not yet on most home owners' disks.</summary>
    Disks = 7,

    /// <summary>It was given to an executor that has not said yet that it runs it.</summary>
    Dispatched = 8,

    /// <summary>It runs.</summary>
    Running = 9,

    /// <summary>It has ended.</summary>
    Ended = 10,

    /// <summary>Its workflow is being cancelled.</summary>
    Cancelling = 11,

    /// <summary>Only the planner knows, and it is not who answers.</summary>
    Planner = 12,

    /// <summary>The planner itself is not ready yet.</summary>
    NotReady = 13,
}
