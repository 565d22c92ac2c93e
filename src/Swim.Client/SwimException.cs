using Grpc.Core;

namespace Swim.Client;

/// <summary>A call that a node refused, or that no node answered. The message is a sentence for people and says what to do where that is known.</summary>
public sealed class SwimException : Exception
{
    /// <summary>A failure with its parts.</summary>
    public SwimException(StatusCode status, string code, string message, bool retryable, TimeSpan retryAfter = default, Exception? inner = null)
        : base(message, inner) => (Status, Code, Retryable, RetryAfter) = (status, code, retryable, retryAfter);

    /// <summary>The kind of failure, as in the description of each call.</summary>
    public StatusCode Status { get; }

    /// <summary>In capitals and stable, finer than <see cref="Status"/>; <c>UNREACHABLE</c> and <c>TIMEOUT</c> come from this client.</summary>
    public string Code { get; }

    /// <summary>True when the same call may succeed later.</summary>
    public bool Retryable { get; }

    /// <summary>How long to wait before that; zero when not said.</summary>
    public TimeSpan RetryAfter { get; }
}
