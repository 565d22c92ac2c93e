namespace Swim.Core.Workflows;

/// <summary>Where a task stands. SKIPPED is never written, always derived from the tasks it depends on.</summary>
public enum TaskState : byte
{
    /// <summary>Waits for its dependencies or for a slot.</summary>
    Pending = 1,

    /// <summary>Granted to an executor; the dispatch may be under way.</summary>
    Claimed = 2,

    /// <summary>The executor said that it runs.</summary>
    Running = 3,

    /// <summary>Failed, and waits for its next attempt.</summary>
    RetryWait = 4,

    /// <summary>Ended with a result. Terminal; outranks the other ends.</summary>
    Succeeded = 5,

    /// <summary>Ended without one. Terminal.</summary>
    Failed = 6,

    /// <summary>Ended because its workflow was cancelled. Terminal.</summary>
    Cancelled = 7,

    /// <summary>Will not run: a dependency did not succeed. Derived, never written.</summary>
    Skipped = 8,
}

/// <summary>Where a workflow stands; its end is derived from its tasks, never written.</summary>
public enum WorkflowState : byte
{
    /// <summary>Some task may still run.</summary>
    Running = 1,

    /// <summary>Someone asked for its end.</summary>
    Cancelling = 2,

    /// <summary>Compensations run.</summary>
    RollingBack = 3,

    /// <summary>Every task succeeded.</summary>
    Succeeded = 4,

    /// <summary>Some tasks succeeded, some did not.</summary>
    Partial = 5,

    /// <summary>No task succeeded.</summary>
    Failed = 6,

    /// <summary>Cancelled before every task had ended by itself.</summary>
    Cancelled = 7,
}

/// <summary>Questions about states.</summary>
public static class States
{
    /// <summary>True when nothing further happens to the task within its generation.</summary>
    public static bool IsTerminal(this TaskState state) => state >= TaskState.Succeeded;

    /// <summary>True when nothing further happens to the workflow within its generation.</summary>
    public static bool IsTerminal(this WorkflowState state) => state >= WorkflowState.Succeeded;
}
