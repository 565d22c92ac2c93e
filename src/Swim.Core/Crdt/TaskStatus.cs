using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Crdt;

/// <summary>
/// The value of a task's status register. Merge takes the greater in one total order: generation, then rank (not terminal,
/// FAILED or CANCELLED, SUCCEEDED), then for terminal values the EARLIEST stamp, lowest node, lowest attempt, and for the others
/// attempt, state, LATEST stamp, node. A plain last-writer-wins register would let a late RUNNING or a fast clock undo a result.
/// </summary>
/// <param name="Generation">Reopenings; a higher one always wins.</param>
/// <param name="State">A written state: never <see cref="TaskState.Skipped"/>, never <see cref="TaskState.Pending"/> outside a new generation.</param>
/// <param name="Attempt">From 1 within the generation.</param>
/// <param name="Stamp">When it was written, by the writer's clock.</param>
/// <param name="Node">The writer.</param>
/// <param name="Detail">The executor, the result or the failure; no part of the order before its bytes are.</param>
public sealed record TaskStatus(int Generation, TaskState State, int Attempt, HlcTimestamp Stamp, NodeId Node, TaskStatusDetail Detail)
    : IComparable<TaskStatus>
{
    /// <summary>0 while not terminal, 1 for FAILED and CANCELLED, 2 for SUCCEEDED: an effect that happened is not hidden by a concurrent cancel.</summary>
    public int Rank => State switch
    {
        TaskState.Succeeded => 2,
        TaskState.Failed or TaskState.Cancelled => 1,
        _ => 0,
    };

    /// <summary>The total order up to the tie-break by canonical bytes, which the cell adds.</summary>
    public int CompareTo(TaskStatus? other)
    {
        if (other is null) return 1;
        if (Planted.Is(Mutant.LastWriterWinsStatus)) return Stamp.CompareTo(other.Stamp);
        var order = Generation.CompareTo(other.Generation);
        if (order == 0 && Planted.Is(Mutant.LaterAttemptReopens)) order = Attempt.CompareTo(other.Attempt);
        if (order == 0) order = Rank.CompareTo(other.Rank);
        if (order != 0) return order;
        return Rank > 0 ? CompareTerminal(other) : CompareOpen(other);
    }

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <(TaskStatus left, TaskStatus right) => left.CompareTo(right) < 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >(TaskStatus left, TaskStatus right) => left.CompareTo(right) > 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <=(TaskStatus left, TaskStatus right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >=(TaskStatus left, TaskStatus right) => left.CompareTo(right) >= 0;

    private int CompareTerminal(TaskStatus other)
    {
        var order = other.Stamp.CompareTo(Stamp);
        if (order == 0) order = other.Node.CompareTo(Node);
        return order != 0 ? order : other.Attempt.CompareTo(Attempt);
    }

    private int CompareOpen(TaskStatus other)
    {
        var order = Attempt.CompareTo(other.Attempt);
        if (order == 0) order = State.CompareTo(other.State);
        if (order == 0) order = Stamp.CompareTo(other.Stamp);
        return order != 0 ? order : Node.CompareTo(other.Node);
    }
}

/// <summary>What a status says besides where the task stands; fields that do not apply are empty.</summary>
/// <param name="Executor">The node that runs or ran the attempt.</param>
/// <param name="ExecutorEpoch">Its boot counter when the claim was granted: after a restart the claim is lost.</param>
/// <param name="Result">The dot of the result element; default when there is none.</param>
/// <param name="ErrorCode">Stable words; empty when there is none.</param>
/// <param name="ErrorMessage">For people.</param>
/// <param name="Retryable">Whether trying again could help.</param>
/// <param name="RetryAtUnixMs">RETRY_WAIT: not before this wall time.</param>
/// <param name="StartedUnixMs">By the executor's clock; shown only.</param>
public sealed record TaskStatusDetail(
    NodeId Executor,
    ulong ExecutorEpoch,
    Dot Result,
    string ErrorCode,
    string ErrorMessage,
    bool Retryable,
    long RetryAtUnixMs,
    long StartedUnixMs)
{
    /// <summary>Nothing to say.</summary>
    public static readonly TaskStatusDetail Empty = new(NodeId.None, 0, default, "", "", false, 0, 0);
}
