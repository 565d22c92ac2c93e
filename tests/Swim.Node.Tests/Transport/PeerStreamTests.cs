using System.Threading.Channels;
using Grpc.Core;
using Swim.Node.Hosting;
using Swim.Node.Transport;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Tests.Transport;

/// <summary>A peer that takes nothing costs a bounded number of frames and bytes, and what it takes later comes in order.</summary>
public sealed class PeerStreamTests
{
    private const int QueueMax = 8_192;
    private const int QueueBytesMax = 64 << 20;
    private const int WindowFrames = 1_024;
    private const int BatchFramesMax = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_peer_that_takes_nothing_is_sent_a_window_and_no_more_frames_wait_than_the_bound()
    {
        var (peer, counters) = (new SilentPeer(), new Counters());
        await using var stream = new PeerStream(peer.Client, [], counters);
        const int Sent = 40_000;
        for (var number = 0; number < Sent; number++) stream.Send(BitConverter.GetBytes(number));
        await peer.WaitForAsync(WindowFrames, Patience);
        // The batch that waits for the window is in neither.
        var dropped = counters["peer_frames_dropped"];
        Assert.InRange(Sent - dropped, QueueMax, QueueMax + WindowFrames + (2 * BatchFramesMax));
        Assert.InRange(peer.Received.Count, WindowFrames, WindowFrames + BatchFramesMax);

        await peer.TakeAllAsync((int)(Sent - dropped), Patience);
        Assert.Equal(peer.Received.Order(), peer.Received);
    }

    [Fact]
    public async Task No_more_bytes_wait_than_the_bound()
    {
        var (peer, counters) = (new SilentPeer(), new Counters());
        await using var stream = new PeerStream(peer.Client, [], counters);
        var frame = new byte[1 << 20];
        const int Sent = 2_000;
        for (var number = 0; number < Sent; number++) stream.Send(frame);
        // Those of the window are the transport's, which has bounds of its own.
        Assert.InRange((Sent - counters["peer_frames_dropped"]) * frame.Length, QueueBytesMax, QueueBytesMax + ((WindowFrames + BatchFramesMax) * (long)frame.Length));
        Assert.NotEqual(0, counters["peer_frames_dropped"]);
    }

    /// <summary>Reads what comes and gives credit only when told to.</summary>
    private sealed class SilentPeer : CallInvoker, IClientStreamWriter<PeerFrames>, IAsyncStreamReader<PeerCredit>
    {
        private readonly Channel<PeerCredit> _credits = Channel.CreateUnbounded<PeerCredit>();
        private readonly List<int> _received = [];
        private ulong _frames;

        public IReadOnlyList<int> Received
        {
            get
            {
                lock (_received) return [.. _received];
            }
        }

        public WriteOptions? WriteOptions { get; set; }

        public PeerCredit Current { get; private set; } = new();

        public Peer.PeerClient Client() => new(this);

        public async Task WaitForAsync(int frames, TimeSpan patience)
        {
            for (var end = DateTime.UtcNow + patience; Received.Count < frames && DateTime.UtcNow < end;) await Task.Delay(5);
        }

        public async Task TakeAllAsync(int frames, TimeSpan patience)
        {
            for (var end = DateTime.UtcNow + patience; Received.Count < frames && DateTime.UtcNow < end;)
            {
                _credits.Writer.TryWrite(new PeerCredit { Taken = Volatile.Read(ref _frames) });
                await Task.Delay(5);
            }

            Assert.Equal(frames, Received.Count);
        }

        public Task WriteAsync(PeerFrames message)
        {
            lock (_received) _received.AddRange(message.Frames.Where(static frame => frame.Length == sizeof(int)).Select(static frame => BitConverter.ToInt32(frame.Span)));
            Interlocked.Add(ref _frames, (ulong)message.Frames.Count);
            return Task.CompletedTask;
        }

        public Task WriteAsync(PeerFrames message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync() => Task.CompletedTask;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            Current = await _credits.Reader.ReadAsync(cancellationToken);
            return true;
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        {
            var cancellation = options.CancellationToken;
            cancellation.Register(() => _credits.Writer.TryComplete(new RpcException(Status.DefaultCancelled)));
            return new AsyncDuplexStreamingCall<TRequest, TResponse>((IClientStreamWriter<TRequest>)(object)this, (IAsyncStreamReader<TResponse>)(object)this, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();
    }
}
