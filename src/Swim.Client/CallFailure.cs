using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Swim.V1;

namespace Swim.Client;

/// <summary>Tells what a failed call means: whose failure it was, and what to say about it.</summary>
internal static class CallFailure
{
    /// <summary>No node answered.</summary>
    public const string Unreachable = "UNREACHABLE";

    /// <summary>The time for the call ran out.</summary>
    public const string Timeout = "TIMEOUT";

    private const string ErrorTrailer = "swim-error-bin";

    /// <summary>True when another node may do better: this one cannot be reached, cannot serve the call now, or is too slow.</summary>
    public static bool IsOfThisServer(RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded || IsBrokenConnection(failure);

    /// <summary>What <paramref name="failure"/> is to the caller; <paramref name="server"/> names the server or servers that were asked.</summary>
    public static SwimException Describe(RpcException failure, string server)
    {
        if (ErrorOf(failure) is { } error)
        {
            var after = TimeSpan.FromMilliseconds(Math.Clamp(error.RetryAfterMs, 0, int.MaxValue));
            return new SwimException(failure.StatusCode, error.Code, error.Message, error.Retryable, after, failure);
        }

        if (failure.StatusCode == StatusCode.DeadlineExceeded)
            return new SwimException(failure.StatusCode, Timeout, $"{server} did not answer in time: try again, another node or a longer timeout.", true, inner: failure);
        return IsBrokenConnection(failure)
            ? new SwimException(StatusCode.Unavailable, Unreachable, $"No node answers at {server} ({CauseOf(failure)}): start one there or name another.", true, inner: failure)
            : new SwimException(failure.StatusCode, NameOf(failure.StatusCode), $"{server}: {failure.Status.Detail}", failure.StatusCode == StatusCode.Unavailable, inner: failure);
    }

    /// <summary>The name that gRPC gives a status on the wire's documentation: <c>INVALID_ARGUMENT</c> for InvalidArgument.</summary>
    public static string NameOf(StatusCode status) =>
        string.Concat(status.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    // What a server sends carries no exception: with one, the failure arose on this side of the connection.
    private static bool IsBrokenConnection(RpcException failure) =>
        failure.Status.DebugException is not null && failure.StatusCode is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded);

    private static Error? ErrorOf(RpcException failure)
    {
        if (failure.Trailers.GetValueBytes(ErrorTrailer) is not { } bytes) return null;
        try
        {
            return Error.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // The status itself still says what kind of failure it was.
        }
    }

    private static string CauseOf(RpcException failure)
    {
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket) return socket.Message;
        }

        return "the connection was cut";
    }
}
