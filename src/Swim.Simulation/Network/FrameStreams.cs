using Swim.Core.Replication;
using Swim.Simulation.Time;

namespace Swim.Simulation.Network;

/// <summary>
/// The streams between nodes, one for each ordered pair and lane: frames arrive in the order in which they were sent, or not at
/// all. A cut, seen when the next frame would arrive, or the end of a process breaks a stream; the next frame opens another.
/// </summary>
internal sealed class FrameStreams(Timeline timeline, SimNetwork network, int nodes)
{
    private const int Lanes = 2;
    private const int WaitingMax = 10_000;

    private static readonly TimeSpan HoldStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(15);

    private readonly FrameStream?[] _streams = new FrameStream?[nodes * nodes * Lanes];

    /// <summary>Sends a frame; it is under way for <paramref name="delay"/> at least.</summary>
    public void Send(int from, int to, PeerLane lane, ReadOnlyMemory<byte> frame, TimeSpan delay)
    {
        var stream = _streams[PlaceOf(from, to, (int)lane)] ??= new FrameStream(from, to);
        if (stream.Waiting.Count >= WaitingMax) Break(stream);
        stream.LastDueTicks = Math.Max(stream.LastDueTicks, timeline.Ticks + delay.Ticks);
        stream.Waiting.Enqueue((frame, timeline.Ticks));
        Expect(stream, stream.LastDueTicks);
    }

    /// <summary>Breaks every stream from or to the node.</summary>
    public void Break(int node)
    {
        for (var other = 0; other < nodes; other++)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                if (_streams[PlaceOf(node, other, lane)] is { } outward) Break(outward);
                if (_streams[PlaceOf(other, node, lane)] is { } inward) Break(inward);
            }
        }
    }

    private int PlaceOf(int from, int to, int lane) => (((from * nodes) + to) * Lanes) + lane;

    private void Break(FrameStream stream)
    {
        network.Counters.Lost += stream.Waiting.Count;
        stream.Waiting.Clear();
        stream.Connection++;
        stream.LastDueTicks = 0;
    }

    private void Expect(FrameStream stream, long dueTicks)
    {
        var connection = stream.Connection;
        timeline.At(dueTicks, new SimEvent(EventKind.Frame, stream.To, null, default, () =>
        {
            if (connection == stream.Connection) Take(stream);
        }));
    }

    // Each expectation takes the first waiting frame, whichever frame it was set for: so the order holds.
    private void Take(FrameStream stream)
    {
        var (frame, sentTicks) = stream.Waiting.Peek();
        if (!network.Cuts.Has(stream.From, stream.To))
        {
            stream.Waiting.Dequeue();
            timeline.Trace.Add(timeline.Ticks, stream.To, EventKind.Frame, frame.Span);
            network.Arrive(stream.From, stream.To, EventKind.Frame, frame);
        }
        else if (network.Manner == StreamManner.Holds && timeline.Ticks - sentTicks < HoldMax.Ticks)
        {
            Expect(stream, timeline.Ticks + HoldStep.Ticks);
        }
        else
        {
            Break(stream);
        }
    }

    private sealed class FrameStream(int from, int to)
    {
        public int From => from;

        public int To => to;

        public Queue<(ReadOnlyMemory<byte> Frame, long SentTicks)> Waiting { get; } = new();

        public long LastDueTicks { get; set; }

        public int Connection { get; set; }
    }
}
