using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// What a workflow shows of having been worked on in two places at once: during a split, or while a node was taken for dead. Derived from
/// its cells alone, so that every replica with equal cells shows the same.
/// </summary>
/// <param name="Tasks">Which tasks ran more than once within a generation; by task and generation.</param>
/// <param name="Consumers">Which attempts were given a result that no longer is the winner; by task, generation, attempt.</param>
/// <param name="SupersededBy">The workflow that has its idempotency key, where both were submitted; else null.</param>
/// <param name="LatestUnixMs">The stamp of the latest run told of, or of the cancel that yielded the key: the cluster merged after it.</param>
/// <param name="TaskCount">How many tasks there are to tell of, also where <see cref="Tasks"/> was cut.</param>
/// <param name="ConsumerCount">How many attempts, also where <see cref="Consumers"/> was cut.</param>
public sealed record MergeReport(
    IReadOnlyList<TaskMerge> Tasks, IReadOnlyList<FedConsumer> Consumers, WorkflowId? SupersededBy, long LatestUnixMs, int TaskCount, int ConsumerCount)
{
    /// <summary>Most tasks, and most attempts, that are shown with their workflow.</summary>
    public const int ShownMax = 1_000;

    /// <summary>Most tasks, and most attempts, that are shown of a workflow in a list.</summary>
    public const int ListedMax = 10;

    /// <summary>Most inputs that are named of one attempt, and most runs of one task.</summary>
    public const int NamedMax = 16;

    /// <summary>True when there is nothing to tell.</summary>
    public bool IsEmpty => TaskCount == 0 && ConsumerCount == 0 && SupersededBy is null;

    /// <summary>The first so many tasks and attempts; the counts stay.</summary>
    public MergeReport Cut(int max) => Tasks.Count <= max && Consumers.Count <= max ? this : this with { Tasks = [.. Tasks.Take(max)], Consumers = [.. Consumers.Take(max)] };
}

/// <summary>A task of which more than one run came to an end in a generation.</summary>
/// <param name="Task">Its name within the workflow.</param>
/// <param name="Generation">Which generation.</param>
/// <param name="Why">What made the first run win over the second.</param>
/// <param name="IsSameResult">True when all that succeeded gave the same.</param>
/// <param name="Runs">At least two; the winner first, then in the order in which they would win.</param>
public sealed record TaskMerge(string Task, int Generation, WinReason Why, bool IsSameResult, IReadOnlyList<TaskRun> Runs);

/// <summary>One run of a task.</summary>
/// <param name="Attempt">From 1 within the generation.</param>
/// <param name="Executor">Who ran it.</param>
/// <param name="CommittedBy">Which owner wrote its end.</param>
/// <param name="Stamp">When, by that owner's clock.</param>
/// <param name="IsSuccess">Whether it succeeded.</param>
/// <param name="ResultHash">A hash of what it gave; 0 where it failed.</param>
/// <param name="ErrorCode">Why it failed; empty where it succeeded.</param>
public sealed record TaskRun(int Attempt, NodeId Executor, NodeId CommittedBy, HlcTimestamp Stamp, bool IsSuccess, ulong ResultHash, string ErrorCode);

/// <summary>Why one run wins over another: the first of these in which they differ.</summary>
public enum WinReason : byte
{
    /// <summary>It succeeded and the other did not.</summary>
    Rank = 1,

    /// <summary>Its end was written earlier.</summary>
    Earlier = 2,

    /// <summary>At the same stamp, by a node with a lower id.</summary>
    Node = 3,

    /// <summary>By the same node at the same stamp, its attempt has the lower number.</summary>
    Attempt = 4,
}

/// <summary>An attempt that was given a result which no longer is the winner.</summary>
/// <param name="Task">Its task's name.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Attempt">From 1 within it.</param>
/// <param name="Executor">Who ran it.</param>
/// <param name="Inputs">Names of the tasks whose results changed.</param>
/// <param name="Answer">What came of it.</param>
public sealed record FedConsumer(string Task, int Generation, int Attempt, NodeId Executor, IReadOnlyList<string> Inputs, FlipAnswer Answer);

/// <summary>What comes of an attempt that was given a result which no longer is the winner.</summary>
public enum FlipAnswer : byte
{
    /// <summary>Its end stands, flagged: <c>on_winner_change: accept</c>, or the workflow was being cancelled.</summary>
    Accepted = 1,

    /// <summary>Its task runs again.</summary>
    Rerun = 2,

    /// <summary>Its task FAILED with WINNER_CHANGED.</summary>
    Failed = 3,

    /// <summary>Its end does not stand for another reason: another run won, or it was lost.</summary>
    Discarded = 4,

    /// <summary>The planner has not answered yet.</summary>
    Open = 5,
}
