namespace Swim.Core.Workflows;

/// <summary>What a document means where it says nothing. The canonical form leaves these out.</summary>
public static class WorkflowDefaults
{
    /// <summary>Name of a workflow whose document gives none.</summary>
    public const string Name = "workflow";

    /// <summary>How long one attempt may run: 30 s.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the first retry: 200 ms.</summary>
    public static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);

    /// <summary>Bound of the growing wait: 30 s, or the first wait where that is longer.</summary>
    public static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(30);

    /// <summary>One attempt; its waits are never used.</summary>
    public static readonly RetryPolicy NoRetry = new(1, Backoff, MaxBackoff);
}
