namespace Swim.Core.Workflows.Reading;

/// <summary>What a document says about retries; null where it is silent.</summary>
internal readonly record struct RetryDraft(int? MaxAttempts, TimeSpan? Backoff, TimeSpan? MaxBackoff)
{
    /// <summary>This, completed from the workflow's defaults and then the language's. Waits that are never used are the defaults', so that equal meanings are equal.</summary>
    public RetryPolicy Over(RetryDraft defaults)
    {
        var attempts = MaxAttempts ?? defaults.MaxAttempts ?? 1;
        if (attempts == 1) return WorkflowDefaults.NoRetry;
        var backoff = Backoff ?? defaults.Backoff ?? WorkflowDefaults.Backoff;
        var longest = MaxBackoff ?? (backoff > WorkflowDefaults.MaxBackoff ? backoff : WorkflowDefaults.MaxBackoff);
        return new RetryPolicy(attempts, backoff, longest);
    }
}

/// <summary>Reads <c>retry</c> of a task and <c>error_handling</c> of a workflow.</summary>
internal static class RetryReader
{
    private static readonly string[] RetryFields = ["max_attempts", "backoff_ms", "max_backoff_ms"];
    private static readonly string[] ErrorHandlingFields = ["max_retries", "backoff_ms", "circuit_breaker"];

    public static RetryDraft ReadErrorHandling(ReadingContext context, PlacedNode place)
    {
        if (ObjectFields.Of(context, place, "error_handling", ErrorHandlingFields) is not { } fields) return default;
        fields.OnlyDefault("circuit_breaker", "false");
        var retries = fields.Integer("max_retries", 0, WorkflowLimits.AttemptsMax - 1);
        return new RetryDraft((int?)retries + 1, fields.Milliseconds("backoff_ms", 0, WorkflowLimits.BackoffMax), null);
    }

    public static RetryPolicy ReadRetry(ReadingContext context, PlacedNode place, RetryDraft defaults)
    {
        if (ObjectFields.Of(context, place, "retry", RetryFields) is not { } fields) return WorkflowDefaults.NoRetry;
        var attempts = fields.Integer("max_attempts", 1, WorkflowLimits.AttemptsMax);
        var backoff = fields.Milliseconds("backoff_ms", 0, WorkflowLimits.BackoffMax);
        var longest = fields.Milliseconds("max_backoff_ms", 0, WorkflowLimits.BackoffMax);
        if (longest < (backoff ?? defaults.Backoff ?? WorkflowDefaults.Backoff) && fields.TryGet("max_backoff_ms", out var at))
            context.Invalid(at, "'max_backoff_ms' is less than 'backoff_ms', the first wait: raise it or lower the other.");
        return new RetryDraft((int?)attempts, backoff, longest).Over(defaults);
    }
}
