using System.Text.Json.Nodes;

namespace Swim.Core.Workflows;

/// <summary>
/// A validated workflow: what runs, after what, with what. Immutable for a run and addressed by its canonical bytes.
/// Built only by the reader of this folder, which guarantees that ids are unique, dependencies exist and no cycle is there.
/// </summary>
/// <param name="Name">Shown to people; not an identity.</param>
/// <param name="Tasks">In the document's order; a task's place here is its index.</param>
/// <param name="TopologicalOrder">All task indexes, each after all of its dependencies.</param>
/// <param name="Layers">Length of the longest chain of dependencies.</param>
/// <param name="Output">What the run answers: a JSON value that may hold <c>$OUTPUT[...]</c> references; null when the document names none.</param>
public sealed record WorkflowDefinition(
    string Name,
    IReadOnlyList<TaskDefinition> Tasks,
    IReadOnlyList<int> TopologicalOrder,
    int Layers,
    JsonNode? Output)
{
    private Dictionary<string, TaskDefinition>? _byId;

    /// <summary>True when the document has an <c>output</c> member, which may be null.</summary>
    public bool HasOutput { get; init; }

    /// <summary>What a task's attempt needs before it may begin; default <see cref="WorkflowConsistency.Any"/>.</summary>
    public WorkflowConsistency Consistency { get; init; }

    /// <summary>How long the run is kept after its end; null where the document leaves it to the nodes.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>What happens to a task that was given a result which, after a split, another one displaces.</summary>
    public WinnerChangePolicy OnWinnerChange { get; init; }

    /// <summary>The task of that name, or null.</summary>
    public TaskDefinition? Find(string id) => (_byId ??= Tasks.ToDictionary(static task => task.Id, StringComparer.Ordinal)).GetValueOrDefault(id);
}

/// <summary>What happens to a task that was given a result which no longer is the winner.</summary>
public enum WinnerChangePolicy : byte
{
    /// <summary>Its own result stays valid; it is flagged and reported.</summary>
    Accept = 0,

    /// <summary>It runs again in a new generation, and so does in turn whoever was given its result, where that changes.</summary>
    Rerun = 1,

    /// <summary>It ends as FAILED with WINNER_CHANGED.</summary>
    Fail = 2,
}

/// <summary>What an attempt needs before it may begin.</summary>
public enum WorkflowConsistency : byte
{
    /// <summary>The disk of whoever plans: each side of a split goes on, and one result stands after it.</summary>
    Any = 0,

    /// <summary>Most home owners of the workflow: no two attempts of a task run at once; the smaller side of a split waits.</summary>
    Majority = 1,
}

/// <summary>One task of a workflow.</summary>
/// <param name="Index">Its place in <see cref="WorkflowDefinition.Tasks"/>.</param>
/// <param name="Id">Its name within the workflow.</param>
/// <param name="Tool">What runs: <c>server:name</c>.</param>
/// <param name="Arguments">A JSON object that may hold <c>$OUTPUT[...]</c> references.</param>
/// <param name="DependsOn">Indexes of the tasks it waits for: the named ones and those its arguments refer to; ascending.</param>
/// <param name="Retry">What happens after a reported failure.</param>
/// <param name="Timeout">How long one attempt may run on its executor; default 30 s.</param>
/// <param name="AtMostOnce">True: an attempt lost with its executor makes the task FAILED instead of running again.</param>
public sealed record TaskDefinition(
    int Index,
    string Id,
    string Tool,
    JsonObject Arguments,
    IReadOnlyList<int> DependsOn,
    RetryPolicy Retry,
    TimeSpan Timeout,
    bool AtMostOnce)
{
    /// <summary>Indexes of the tasks whose outputs its arguments refer to; ascending, a part of <see cref="DependsOn"/>.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];

    /// <summary>True: a success of an attempt that another has taken the place of is refused by whoever knows of that other.</summary>
    public bool StrictFencing { get; init; }
}

/// <summary>Retries of a task after a failure its tool reported, or a timeout. Lost attempts do not count.</summary>
/// <param name="MaxAttempts">Failures after which the task is FAILED; 1 (the default) means no retry.</param>
/// <param name="Backoff">Wait before the first retry; doubles for each further one.</param>
/// <param name="MaxBackoff">The wait never exceeds this.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan Backoff, TimeSpan MaxBackoff)
{
    /// <summary>
    /// How long to wait after so many failures. What the tool was told goes before the policy's own wait, but never over its longest.
    /// </summary>
    public TimeSpan WaitAfter(int failures, long retryAfterMs)
    {
        var ticks = Backoff.Ticks;
        for (var doubled = 1; doubled < failures && ticks < MaxBackoff.Ticks; doubled++) ticks *= 2;
        var asked = Math.Min(retryAfterMs, (long)MaxBackoff.TotalMilliseconds) * TimeSpan.TicksPerMillisecond;
        return new TimeSpan(Math.Max(asked, Math.Min(ticks, MaxBackoff.Ticks)));
    }
}
