using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Simulation.Time;

namespace Swim.Simulation.Network;

/// <summary>
/// The network between the simulated nodes: decides from its own seed what becomes of each packet. Carries bytes only. Nobody is
/// told of a loss, but for a push-pull call, which fails.
/// </summary>
public sealed class SimNetwork
{
    // A call over a cut link hangs for as long as a caller waits; to a machine that runs without the process it fails at once.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly Timeline _timeline;
    private readonly Prng _prng;
    private readonly IReceiver[] _receivers;
    private readonly FrameStreams _streams;

    internal SimNetwork(Timeline timeline, Prng prng, IReceiver[] receivers)
    {
        (_timeline, _prng, _receivers) = (timeline, prng, receivers);
        (Cuts, PacketCuts) = (new Cuts(receivers.Length), new Cuts(receivers.Length));
        _streams = new FrameStreams(timeline, this, receivers.Length);
    }

    /// <summary>What happens on every link.</summary>
    public LinkConditions Conditions { get; set; } = LinkConditions.Calm;

    /// <summary>What streams do when the network is bad.</summary>
    public StreamManner Manner { get; set; }

    /// <summary>The links that carry nothing.</summary>
    public Cuts Cuts { get; }

    /// <summary>The links that carry no packets, as behind a firewall that knows only TCP.</summary>
    public Cuts PacketCuts { get; }

    /// <summary>What it carried and lost.</summary>
    public NetworkCounters Counters { get; } = new();

    /// <summary>Sends a packet.</summary>
    public void SendDatagram(int from, int to, ReadOnlyMemory<byte> packet)
    {
        Counters.Datagrams++;
        Counters.Bytes += packet.Length;
        Scatter(from, to, EventKind.Datagram, packet);
    }

    /// <summary>Sends a frame over the stream of that lane.</summary>
    public void SendFrame(int from, int to, PeerLane lane, ReadOnlyMemory<byte> frame)
    {
        Counters.Frames++;
        Counters.Bytes += frame.Length;
        if (Manner == StreamManner.Harsh) Scatter(from, to, EventKind.Frame, frame);
        else _streams.Send(from, to, lane, frame, Delay());
    }

    /// <summary>Calls push-pull, or ping over gRPC; exactly one of the two is called back, unless the caller's life ends first.</summary>
    internal void Call(int from, int to, ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>> onReply, Action onFailed, EventKind kind = EventKind.PushPull)
    {
        Counters.Calls++;
        Counters.Bytes += body.Length;
        var caller = _receivers[from].Life;
        void Fail(TimeSpan after) => _timeline.After(after, new SimEvent(kind, from, caller, default, onFailed));
        void Reply(ReadOnlyMemory<byte>? answer)
        {
            if (Cuts.Has(to, from)) Fail(CallTimeout);
            else if (answer is not { } bytes) Fail(Delay());
            else _timeline.After(Delay(), new SimEvent(kind, from, caller, bytes, () => onReply(bytes)));
        }

        if (Cuts.Has(from, to)) Fail(CallTimeout);
        else _timeline.After(Delay(), new SimEvent(kind, to, null, body, () => Serve(kind, to, body, Reply, () => Fail(Delay()))));
    }

    /// <summary>A process ended: its connections are gone, and what was under way on them.</summary>
    public void BreakStreams(int node) => _streams.Break(node);

    /// <summary>Draws how long something is under way now; a stream resends what is lost, which takes time instead.</summary>
    internal TimeSpan Delay() => Conditions.Delay(_prng) + (_prng.Chance(Conditions.LostPerMille) ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero);

    /// <summary>Something reaches a node; while it is paused it waits in the node's buffers.</summary>
    internal void Arrive(int from, int to, EventKind kind, ReadOnlyMemory<byte> bytes)
    {
        var receiver = _receivers[to];
        if (receiver.Life is not { } life || Cuts.Has(from, to) || (kind == EventKind.Datagram && PacketCuts.Has(from, to)))
        {
            Counters.Lost++;
            return;
        }

        void Take()
        {
            if (kind == EventKind.Datagram) receiver.OnDatagram(bytes);
            else receiver.OnFrame(from, bytes);
        }

        if (life.ResumesAtTicks > _timeline.Ticks) _timeline.After(TimeSpan.Zero, new SimEvent(kind, to, life, bytes, Take));
        else Take();
    }

    private void Serve(EventKind kind, int to, ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>?> reply, Action refuse)
    {
        if (_receivers[to].Life is not { } life) refuse();
        else if (life.ResumesAtTicks > _timeline.Ticks) _timeline.After(TimeSpan.Zero, new SimEvent(kind, to, life, body, Take));
        else Take();

        void Take()
        {
            if (kind == EventKind.PushPull) _receivers[to].OnPushPull(body, reply);
            else _receivers[to].OnStreamPing(body, reply);
        }
    }

    private void Scatter(int from, int to, EventKind kind, ReadOnlyMemory<byte> bytes)
    {
        var copies = _prng.Chance(Conditions.DoubledPerMille) ? 2 : 1;
        for (; copies > 0; copies--)
        {
            if (_prng.Chance(Conditions.LostPerMille)) Counters.Lost++;
            else _timeline.After(Conditions.Delay(_prng), new SimEvent(kind, to, null, bytes, () => Arrive(from, to, kind, bytes)));
        }
    }
}

/// <summary>What a network carried and lost.</summary>
public sealed class NetworkCounters
{
    /// <summary>Packets sent.</summary>
    public long Datagrams { get; set; }

    /// <summary>Frames sent over streams.</summary>
    public long Frames { get; set; }

    /// <summary>Push-pull calls begun.</summary>
    public long Calls { get; set; }

    /// <summary>Bytes of all of these.</summary>
    public long Bytes { get; set; }

    /// <summary>Packets and frames that did not arrive.</summary>
    public long Lost { get; set; }
}
