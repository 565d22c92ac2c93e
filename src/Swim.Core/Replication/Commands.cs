using Swim.Core.Hosting;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>How far a write had spread when it was answered; each level includes the ones before it.</summary>
public enum AckLevel : byte
{
    /// <summary>Nothing reached.</summary>
    None = 0,

    /// <summary>Only stand-ins hold it.</summary>
    Hinted = 1,

    /// <summary>On the disk of one owner.</summary>
    Local = 2,

    /// <summary>On the disks of min(2, members) acting owners; the default.</summary>
    K = 3,

    /// <summary>On the disks of every home owner.</summary>
    All = 4,
}

/// <summary>A request from outside or from another node on behalf of one. Every command is answered exactly once.</summary>
public abstract record Command;

/// <summary>Store a workflow. The receiving node fixed the id and validated the definition.</summary>
/// <param name="Id">The id; its bucket says who owns it.</param>
/// <param name="Namespace">Never empty.</param>
/// <param name="Key">The idempotency key; empty when there is none.</param>
/// <param name="Definition">Canonical bytes, at most <c>WorkflowLimits.DefinitionBytesMax</c>.</param>
/// <param name="Input">A JSON value in UTF-8; empty when there is none.</param>
/// <param name="Ack">Answer when this level is reached, or with what was reached after a second.</param>
public sealed record SubmitCommand(
    WorkflowId Id, string Namespace, string Key, ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Input, AckLevel Ack) : Command;

/// <summary>Show a workflow.</summary>
/// <param name="Namespace">Must be the one it was submitted to.</param>
/// <param name="Id">Which one.</param>
/// <param name="Wait">Answer when it has ended, or with its state after so long; zero answers at once.</param>
/// <param name="Known">Unless zero, the <see cref="WorkflowView.Fingerprint"/> of what the asker has: answer also as soon as it looks otherwise.</param>
public sealed record GetCommand(string Namespace, WorkflowId Id, TimeSpan Wait, ulong Known = 0) : Command
{
    /// <summary>Show this task alone, with its output however large; empty: all tasks.</summary>
    public string Task { get; init; } = "";
}

/// <summary>Ask for the end of a workflow.</summary>
public sealed record CancelCommand(string Namespace, WorkflowId Id) : Command;

/// <summary>Take a member off the ring for good.</summary>
/// <param name="Node">Which: Dead or Left, as who serves this sees it.</param>
/// <param name="Force">Also where most members cannot be reached.</param>
public sealed record RemoveMemberCommand(Primitives.NodeId Node, bool Force) : Command;

/// <summary>The answer to a <see cref="Command"/>.</summary>
public abstract record Reply;

/// <summary>A submission was stored, or was known.</summary>
public sealed record Submitted(WorkflowId Id, AckLevel Acked, bool Existing) : Reply;

/// <summary>What a workflow looks like.</summary>
public sealed record Shown(WorkflowView View) : Reply;

/// <summary>The wish to cancel is stored; <paramref name="State"/> is the state then.</summary>
public sealed record CancelAccepted(WorkflowState State) : Reply;

/// <summary>A member is removed.</summary>
/// <param name="Node">Which.</param>
/// <param name="Epoch">Up to which of its boot counters.</param>
/// <param name="Existing">True when it was before.</param>
/// <param name="Acked">How durable that is.</param>
/// <param name="Reachable">How many members could be reached.</param>
/// <param name="Members">Of how many on the ring, the removed one among them.</param>
public sealed record MemberRemoved(Primitives.NodeId Node, ulong Epoch, bool Existing, AckLevel Acked, int Reachable, int Members) : Reply;

/// <summary>The command changed nothing.</summary>
/// <param name="Reason">The kind of refusal; the API maps it to a gRPC status.</param>
/// <param name="Code">Stable upper-case words for programs.</param>
/// <param name="Message">For people: what is wrong and what to do.</param>
public sealed record Refused(RefusalReason Reason, string Code, string Message) : Reply;

/// <summary>Kinds of refusal.</summary>
public enum RefusalReason : byte
{
    /// <summary>No owner knows it.</summary>
    NotFound = 1,

    /// <summary>No node that could know it answered in time; worth trying again.</summary>
    Unavailable = 2,

    /// <summary>The key is taken by another document.</summary>
    AlreadyExists = 3,

    /// <summary>A limit would be exceeded.</summary>
    ResourceExhausted = 4,

    /// <summary>Not as things stand; trying again changes nothing until they do.</summary>
    FailedPrecondition = 5,
}

/// <summary>A command's answer, for the caller that gave it <paramref name="CommandId"/>.</summary>
public sealed record Answer(long CommandId, Reply Reply) : Output;

/// <summary>
/// A workflow as it is shown: derived from the winning cells of one replica at one moment. <c>SupersededBy</c> is the workflow that has
/// its idempotency key, where both were submitted during a split.
/// </summary>
public sealed record WorkflowView(
    WorkflowId Id,
    string Namespace,
    string Name,
    WorkflowState State,
    IReadOnlyList<TaskView> Tasks,
    ReadOnlyMemory<byte> Output,
    int Layers,
    long CreatedUnixMs,
    long FinishedUnixMs,
    AckLevel Durable,
    WorkflowId? SupersededBy = null)
{
    /// <summary>Who ran what twice and who was given what lost; null where nothing of that kind happened.</summary>
    public MergeReport? Merges { get; init; }

    /// <summary>Names all that it shows: equal on nodes that show the same; never zero.</summary>
    public ulong Fingerprint() => ReplyCodec.HashOf(this);
}

/// <summary>A task as it is shown.</summary>
/// <param name="Id">Its name within the workflow.</param>
/// <param name="Tool">What it runs.</param>
/// <param name="DependsOn">Names of the tasks it waits for.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">The last attempt, from 1; 0 when none was started.</param>
/// <param name="Executor">The node of that attempt, or none.</param>
/// <param name="Output">The winning result as JSON in UTF-8; empty when there is none, or where it is left out.</param>
/// <param name="OutputBytes">The length of the winning result; more than <paramref name="Output"/> has where that is left out.</param>
/// <param name="ErrorCode">Why it failed, waits or is skipped; null when there is nothing to say.</param>
/// <param name="ErrorMessage">The same for people.</param>
/// <param name="ErrorRetryable">Whether trying again could help.</param>
/// <param name="StartedUnixMs">When the shown attempt began, by its executor's clock; while it runs, when it was given out, by its owner's; 0 when unknown.</param>
/// <param name="FinishedUnixMs">When it ended, by the committing owner's clock; 0 when it has not.</param>
public sealed record TaskView(
    string Id,
    string Tool,
    IReadOnlyList<string> DependsOn,
    TaskState State,
    int Attempt,
    Primitives.NodeId Executor,
    ReadOnlyMemory<byte> Output,
    int OutputBytes,
    string? ErrorCode,
    string? ErrorMessage,
    bool ErrorRetryable,
    long StartedUnixMs,
    long FinishedUnixMs)
{
    /// <summary>How often it was opened again.</summary>
    public int Generation { get; init; }

    /// <summary>Names of the tasks of which it was given a result that no longer is the winner, at most <see cref="MergeReport.NamedMax"/>.</summary>
    public IReadOnlyList<string> StaleInputs { get; init; } = [];
}
