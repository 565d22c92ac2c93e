namespace Grpc.Core;

/// <summary>Where a channel stands with its connection (connectivity-semantics-and-api.md).</summary>
public enum ConnectivityState
{
    /// <summary>No connection, and none is wanted.</summary>
    Idle,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>There is a connection.</summary>
    Ready,

    /// <summary>The last try failed; another follows after a pause.</summary>
    TransientFailure,

    /// <summary>Closed for good.</summary>
    Shutdown,
}
