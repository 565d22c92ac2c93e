namespace Grpc.Core;

/// <summary>What one call asks for, beside its request. A value: each <c>With</c> gives a changed copy.</summary>
public struct CallOptions
{
    /// <summary>Any of these may be left out.</summary>
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    /// <summary>Sent before the request.</summary>
    public Metadata? Headers { get; private set; }

    /// <summary>In UTC: after it the call ends with <see cref="StatusCode.DeadlineExceeded"/>. Null for none.</summary>
    public DateTime? Deadline { get; private set; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Hints for writes.</summary>
    public WriteOptions? WriteOptions { get; private set; }

    /// <summary>The call during which this one is made.</summary>
    public ContextPropagationToken? PropagationToken { get; private set; }

    /// <summary>Who calls, if other than the channel says.</summary>
    public CallCredentials? Credentials { get; private set; }

    /// <summary>True to wait for a connection rather than fail without one.</summary>
    public bool IsWaitForReady { get; private set; }

    /// <summary>With other headers.</summary>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>With another deadline, in UTC.</summary>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>With another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>With other hints.</summary>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>With another parent call.</summary>
    public CallOptions WithPropagationToken(ContextPropagationToken propagationToken) => this with { PropagationToken = propagationToken };

    /// <summary>With other credentials.</summary>
    public CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    /// <summary>Waits for a connection, or no longer does.</summary>
    public CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}
