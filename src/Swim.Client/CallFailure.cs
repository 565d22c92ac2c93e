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

    /// <summary>Of two failures of one call the one that tells more: what a server said before its silence, its silence before its absence.</summary>
    public static SwimException MoreTelling(SwimException? one, SwimException other)
    {
        return one is null || Rank(one) < Rank(other) ? other : one;
        static int Rank(SwimException failure) => failure.Code switch { Unreachable => 0, Timeout => 1, _ => 2 };
    }

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

    /// <summary>The name that gRPC or a proto gives a value in writing: <c>INVALID_ARGUMENT</c> for InvalidArgument.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    // What a server sends carries no exception: with one of the network the connection failed, before the call or during it.
    private static bool IsBrokenConnection(RpcException failure) =>
        failure.StatusCode != StatusCode.DeadlineExceeded && CausesOf(failure).Any(cause => cause is HttpRequestException or IOException or SocketException);

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

    private static string CauseOf(RpcException failure) =>
        CausesOf(failure).OfType<SocketException>().FirstOrDefault()?.Message ?? "the connection was cut";

    private static IEnumerable<Exception> CausesOf(RpcException failure)
    {
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException) yield return cause;
    }
}
