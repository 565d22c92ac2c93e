using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Swim.Node.Hosting;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Node.Transport;

/// <summary>
/// This node's frames of one lane to one peer: a bounded queue and a long-lived stream that is opened again when it breaks. A full
/// queue, by frames or by bytes, drops the newest frame, and so does a break with what was under way: repair mends state, resending mends tasks.
/// </summary>
internal sealed class PeerStream : IAsyncDisposable
{
    private const int QueueMax = 8_192;
    private const long QueueBytesMax = 64 << 20;
    private const int BatchFramesMax = 64;
    private const int BatchBytesMax = 256 * 1024;
    private const long WindowFrames = 1_024;
    private static readonly TimeSpan ReopenAfter = TimeSpan.FromMilliseconds(200);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Peer.PeerClient> _client;
    private readonly Metadata _identity;
    private readonly Counters _counters;
    private readonly Task _run;
    private long _queuedBytes;

    public PeerStream(Func<Peer.PeerClient> client, Metadata identity, Counters counters)
    {
        (_client, _identity, _counters) = (client, identity, counters);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Queues a frame.</summary>
    public void Send(byte[] frame)
    {
        var isWithin = Interlocked.Add(ref _queuedBytes, frame.Length) <= QueueBytesMax;
        if (isWithin && _queue.Writer.TryWrite(frame)) return;
        Interlocked.Add(ref _queuedBytes, -frame.Length);
        _counters.Add("peer_frames_dropped");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false);
                using var call = _client().Exchange(_identity, cancellationToken: _stop.Token);
                await PumpAsync(call).ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is RpcException or InvalidOperationException or IOException)
            {
                _counters.Add("peer_streams_broken");
                await Task.Delay(ReopenAfter, CancellationToken.None).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task PumpAsync(AsyncDuplexStreamingCall<PeerFrames, PeerCredit> call)
    {
        var window = new SendWindow(WindowFrames);
        var credits = ReadCreditsAsync(call.ResponseStream, window);
        while (await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
        {
            var batch = NextBatch();
            await window.TakeAsync(batch.Frames.Count, _stop.Token).ConfigureAwait(false);
            await call.RequestStream.WriteAsync(batch, _stop.Token).ConfigureAwait(false);
            if (credits.IsCompleted) await credits.ConfigureAwait(false);
        }
    }

    private PeerFrames NextBatch()
    {
        var batch = new PeerFrames();
        for (var bytes = 0; bytes < BatchBytesMax && batch.Frames.Count < BatchFramesMax && _queue.Reader.TryRead(out var frame); bytes += frame.Length)
        {
            Interlocked.Add(ref _queuedBytes, -frame.Length);
            batch.Frames.Add(UnsafeByteOperations.UnsafeWrap(frame));
        }

        return batch;
    }

    private static async Task ReadCreditsAsync(IAsyncStreamReader<PeerCredit> credits, SendWindow window)
    {
        try
        {
            while (await credits.MoveNext(CancellationToken.None).ConfigureAwait(false)) window.OnTaken((long)credits.Current.Taken);
            throw new RpcException(new Status(StatusCode.Unavailable, "The peer closed the stream."));
        }
        finally
        {
            window.Close();
        }
    }
}
