using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Core.Tests.Membership;

/// <summary>
/// One core, member 1, among the members 2, 3, … played by the test: they ack pings after a millisecond unless they are silent, send a
/// nack when they are asked to ping unless they are told not to, and do nothing else by themselves; push-pulls with them fail. Time passes only in <see cref="Run"/> and <see cref="StandStill"/>.
/// </summary>
internal sealed class OneNode
{
    public const ulong ClusterId = 7;

    private readonly SwimCodec _codec = new(ClusterId);
    private readonly PriorityQueue<Action, (long Due, long Number)> _events = new();
    private long _number;

    public OneNode(int peers, SwimOptions? options = null, MemberMeta? meta = null)
    {
        Options = options ?? new SwimOptions();
        var setup = new MembershipSetup
        {
            Id = Samples.Id(1),
            Epoch = 1,
            ClusterId = ClusterId,
            Meta = meta ?? Samples.Meta(1),
            Known = [.. Enumerable.Range(2, peers).Select(Samples.Alive)],
        };
        Core = new MembershipCore(setup, Options, new Prng(1));
        Do(Core.Start);
    }

    public SwimOptions Options { get; }

    public MembershipCore Core { get; }

    public long Ticks { get; private set; }

    /// <summary>Members that do not answer pings.</summary>
    public HashSet<int> Silent { get; } = [];

    /// <summary>False: whoever is asked to ping another says nothing.</summary>
    public bool HasNacks { get; set; } = true;

    /// <summary>By how much wall time has jumped ahead of monotonic time so far.</summary>
    public long WallAheadMs { get; set; }

    /// <summary>All that the core asked for, timers and packets aside.</summary>
    public List<Output> Outputs { get; } = [];

    /// <summary>All packets it sent.</summary>
    public List<SentPacket> Sent { get; } = [];

    /// <summary>A node that has told everything it knew at its start.</summary>
    public static OneNode WithoutNews(int peers, SwimOptions? options = null)
    {
        var node = new OneNode(peers, options);
        for (var rounds = 0; rounds < 100 && node.Core.NewsCount > 0; rounds++) node.Run(node.Options.GossipPeriod);
        node.Forget();
        return node;
    }

    public MemberState? StateOf(int number) => Core.Members.StateOf(Samples.Id(number));

    public IEnumerable<SentPacket> SentOf(SwimMessageKind kind) => Sent.Where(sent => sent.Message.Kind == kind);

    /// <summary>Forgets what was sent and asked for so far.</summary>
    public void Forget()
    {
        Outputs.Clear();
        Sent.Clear();
    }

    public void Receive(SwimMessageKind kind, int from, ulong seq, int target, params MemberRecord[] rumours) => Do((now, outbox) =>
        Core.OnDatagram(now, _codec.Encode(new SwimMessage(kind, Samples.Id(from), seq, Samples.Id(target), 0), [.. rumours.Select(RecordCodec.Encode)]), outbox));

    /// <summary>A ping of a member that holds the same as this node.</summary>
    public void PingOfLike(int from) => Do((now, outbox) => Core.OnDatagram(
        now, _codec.Encode(new SwimMessage(SwimMessageKind.Ping, Samples.Id(from), 1, Samples.Id(1), Core.Fingerprint), []), outbox));

    /// <summary>Member <paramref name="from"/> spreads that these found the member silent.</summary>
    public void HearAccused(int from, MemberRecord suspect, params int[] accusers) => Do((now, outbox) => Core.OnDatagram(
        now,
        _codec.Encode(new SwimMessage(SwimMessageKind.Gossip, Samples.Id(from), 0, Samples.Id(0), 0), [RecordCodec.Encode(suspect, [.. accusers.Select(Samples.Id)])]),
        outbox));

    public void Hear(params MemberRecord[] rumours) => Receive(SwimMessageKind.Gossip, 2, 0, 0, rumours);

    /// <summary>Another node calls push-pull and brings these records besides its own.</summary>
    public void HearByPushPull(int from, params MemberRecord[] records) => Do((now, outbox) => Core.OnPushPullRequest(
        now, new PushPullCodec(ClusterId, Options.MembersMax).Encode(new PushPullHead(Samples.Id(from), 99, 2, 0), Samples.Alive(from), records), 5, outbox));

    public void Do(Action<Now, Outbox> input)
    {
        var outbox = new Outbox();
        input(new Now(Ticks, Ticks / Now.TicksPerMs + WallAheadMs), outbox);
        foreach (var output in outbox.Items) Carry(output);
    }

    /// <summary>Lets time pass up to and including its end.</summary>
    public void Run(TimeSpan time)
    {
        var end = Ticks + time.Ticks;
        while (_events.TryPeek(out var next, out var at) && at.Due <= end)
        {
            _events.Dequeue();
            Ticks = Math.Max(Ticks, at.Due);
            next();
        }

        Ticks = end;
    }

    /// <summary>Time passes and nothing is handed in: what was due comes late, in the next <see cref="Run"/>.</summary>
    public void StandStill(TimeSpan time) => Ticks += time.Ticks;

    /// <summary>Runs until the next ping to <paramref name="to"/> goes out and returns it.</summary>
    public SentPacket RunUntilPingOf(int to)
    {
        var before = Sent.Count;
        while (Ticks < TimeSpan.FromHours(1).Ticks)
        {
            if (Sent.Skip(before).FirstOrDefault(sent => sent.To == to && sent.Message.Kind == SwimMessageKind.Ping) is { } ping) return ping;
            Run(new TimeSpan(_events.TryPeek(out _, out var next) ? Math.Max(0, next.Due - Ticks) : TimeSpan.TicksPerSecond));
        }

        throw new InvalidOperationException($"member {to} is not pinged");
    }

    private void Carry(Output output)
    {
        switch (output)
        {
            case SetTimer timer:
                _events.Enqueue(() => Do((now, outbox) => Core.OnTimer(now, timer.Timer, outbox)), (timer.DueTicks, _number++));
                break;
            case SendDatagram datagram:
                Take(datagram);
                break;
            case SendPushPull call:
                Outputs.Add(call);
                _events.Enqueue(() => Do((now, outbox) => Core.OnPushPullFailed(now, call.Address, outbox)), (Ticks + Now.TicksPerMs, _number++));
                break;
            default:
                Outputs.Add(output);
                break;
        }
    }

    private void Take(SendDatagram datagram)
    {
        List<RecordView> rumours = [];
        if (_codec.Decode(datagram.Packet, out var message, rumours) is { } reason) throw new InvalidOperationException($"a packet that is {reason}");
        var to = datagram.UdpPort;
        Sent.Add(new SentPacket(Ticks, to, message, rumours, datagram.Packet.Length));
        if (message.Kind == SwimMessageKind.PingReq && HasNacks && !Silent.Contains(to))
            _events.Enqueue(() => Receive(SwimMessageKind.Nack, to, message.Seq, (int)message.Target.Value), (Ticks + (0.8 * Options.ProbeTimeout).Ticks, _number++));
        if (message.Kind != SwimMessageKind.Ping || Silent.Contains(to)) return;
        _events.Enqueue(() => Receive(SwimMessageKind.Ack, to, message.Seq, to), (Ticks + Now.TicksPerMs, _number++));
    }
}

/// <summary>A packet that the core sent.</summary>
internal sealed record SentPacket(long Ticks, int To, SwimMessage Message, List<RecordView> Rumours, int Bytes)
{
    /// <summary>What it says of a member; null when nothing.</summary>
    public Standing? StandingOf(int number) =>
        Rumours.Where(view => view.Id == Samples.Id(number)).Select(static view => (Standing?)view.Standing).SingleOrDefault();
}
