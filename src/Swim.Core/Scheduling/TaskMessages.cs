using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Scheduling;

/// <summary>One try of one task. The token (the claim's stamp) fences: of two claims with the same numbers the later one counts.</summary>
/// <param name="Workflow">Whose task.</param>
/// <param name="Task">Its index in the definition.</param>
/// <param name="Generation">Reopenings so far.</param>
/// <param name="Attempt">From 1 within the generation.</param>
/// <param name="Token">The stamp of the claim.</param>
public readonly record struct AttemptId(WorkflowId Workflow, int Task, int Generation, int Attempt, ulong Token) : IComparable<AttemptId>
{
    /// <summary>The same for every attempt of the task within its generation: what a sink checks to see an effect once.</summary>
    public ulong IdempotencyKey => StableHash.Of(
        StableHash.Of(Workflow.Place, Workflow.Content), (ulong)Task << 32 | (uint)Generation);

    /// <summary>Orders by workflow, task, generation, attempt, token.</summary>
    public int CompareTo(AttemptId other)
    {
        var order = Workflow.CompareTo(other.Workflow);
        if (order == 0) order = Task.CompareTo(other.Task);
        if (order == 0) order = Generation.CompareTo(other.Generation);
        if (order == 0) order = Attempt.CompareTo(other.Attempt);
        return order != 0 ? order : Token.CompareTo(other.Token);
    }

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <(AttemptId left, AttemptId right) => left.CompareTo(right) < 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >(AttemptId left, AttemptId right) => left.CompareTo(right) > 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator <=(AttemptId left, AttemptId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as <see cref="CompareTo"/>.</summary>
    public static bool operator >=(AttemptId left, AttemptId right) => left.CompareTo(right) >= 0;
}

/// <summary>Run this attempt on this node; report its end with <c>SchedulerCore.OnTaskFinished</c>.</summary>
/// <param name="Attempt">Which one.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">A JSON object in UTF-8, references resolved.</param>
/// <param name="Timeout">End it as failed (TIMEOUT) after so long.</param>
public sealed record StartTask(AttemptId Attempt, string Tool, ReadOnlyMemory<byte> Arguments, TimeSpan Timeout) : Output
{
    /// <summary>The task's name within its workflow, for people.</summary>
    public string TaskName { get; init; } = "";
}

/// <summary>Stop this attempt if it still runs; its end is reported all the same.</summary>
public sealed record StopTask(AttemptId Attempt) : Output;

/// <summary>How an attempt ended on its executor.</summary>
/// <param name="Kind">Succeeded, failed or stopped.</param>
/// <param name="Output">The result as JSON in UTF-8; empty unless it succeeded.</param>
/// <param name="ErrorCode">Stable words for programs; empty when it succeeded.</param>
/// <param name="ErrorMessage">For people.</param>
/// <param name="Retryable">Whether the retry policy applies.</param>
/// <param name="StartedUnixMs">By the executor's wall clock; shown, never decided on.</param>
/// <param name="FinishedUnixMs">By the executor's wall clock; shown, never decided on.</param>
public sealed record AttemptOutcome(
    AttemptOutcomeKind Kind,
    ReadOnlyMemory<byte> Output,
    string ErrorCode,
    string ErrorMessage,
    bool Retryable,
    long StartedUnixMs,
    long FinishedUnixMs)
{
    /// <summary>Milliseconds to wait at least before another attempt, as the tool was told; 0 leaves it to the retry policy.</summary>
    public long RetryAfterMs { get; init; }
}

/// <summary>The ways an attempt ends on its executor.</summary>
public enum AttemptOutcomeKind : byte
{
    /// <summary>With a result.</summary>
    Succeeded = 1,

    /// <summary>The tool reported a failure, or the timeout passed.</summary>
    Failed = 2,

    /// <summary>It was told to stop and did.</summary>
    Stopped = 3,
}
