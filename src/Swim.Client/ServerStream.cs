using System.Diagnostics;
using Grpc.Core;

namespace Swim.Client;

/// <summary>A stream of one server, read by one reader. Its failures come as <see cref="SwimException"/>.</summary>
/// <param name="call">Under way; ended by disposing.</param>
/// <param name="describe">What a failure is to the caller; throws where the failure is the caller's own wish.</param>
internal sealed class ServerStream<T>(AsyncServerStreamingCall<T> call, Func<RpcException, SwimException> describe) : IDisposable
{
    // A server that refuses does so sooner.
    private static readonly TimeSpan Standing = TimeSpan.FromSeconds(1);
    private long _accepted;

    /// <summary>True when the server accepted the stream and kept it for a while, though it may have had nothing to tell.</summary>
    public bool HasStood => _accepted != 0 && Stopwatch.GetElapsedTime(_accepted) >= Standing;

    /// <summary>The last that was read.</summary>
    public T Current => call.ResponseStream.Current;

    /// <summary>Waits until the server accepts the stream.</summary>
    /// <exception cref="SwimException">It refused, or did not in time.</exception>
    public async Task AcceptedAsync(TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            await call.ResponseHeadersAsync.WaitAsync(timeout, cancel).ConfigureAwait(false);
            _accepted = Stopwatch.GetTimestamp();
        }
        catch (RpcException failure)
        {
            throw describe(failure);
        }
        catch (TimeoutException)
        {
            throw describe(new RpcException(new Status(StatusCode.DeadlineExceeded, "The stream was not accepted in time.")));
        }
    }

    /// <summary>True with the next one in <see cref="Current"/>, false at the end.</summary>
    /// <exception cref="SwimException">Refused, or broken off.</exception>
    public async Task<bool> NextAsync(CancellationToken cancel)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancel).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw describe(failure);
        }
    }

    public void Dispose() => call.Dispose();
}
