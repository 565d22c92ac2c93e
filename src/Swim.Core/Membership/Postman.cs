using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>Packs messages and as much news as fits. Whoever is not held Alive here hears that first, so that it can refute (Lifeguard's buddy system).</summary>
internal sealed class Postman(Roster roster, SwimOptions options, MembershipSetup setup)
{
    private readonly SwimCodec _codec = new(setup.ClusterId, setup.Seal);
    // gRPC is not sealed: nodes with keys and such without hear each other there, as while keys are brought in.
    private readonly SwimCodec _streamCodec = new(setup.ClusterId);
    private readonly List<byte[]> _rumours = [];

    /// <summary>Packets that went out.</summary>
    public PacketCounts Sent { get; } = new();

    /// <summary>Packets that came and could be read.</summary>
    public PacketCounts Received { get; } = new();

    /// <summary>Reads a packet; see <see cref="SwimCodec.Decode"/>.</summary>
    public RejectReason? Open(ReadOnlyMemory<byte> packet, out SwimMessage message, List<RecordView> rumours)
    {
        if (_codec.Decode(packet, out message, rumours) is { } reason) return reason;
        Received.Count(message.Kind, packet.Length);
        return null;
    }

    /// <summary>Reads a ping that came over gRPC, or the answer to one.</summary>
    public RejectReason? OpenStream(ReadOnlyMemory<byte> body, out SwimMessage message, List<RecordView> rumours) =>
        _streamCodec.Decode(body, out message, rumours);

    /// <summary>Sends a message of a probe with news.</summary>
    /// <param name="to">The receiver.</param>
    /// <param name="kind">Which message.</param>
    /// <param name="seq">The probe, by the receiver's or the own count.</param>
    /// <param name="target">Who is probed.</param>
    /// <param name="withOwn">The own record goes first.</param>
    /// <param name="tellIt">What is believed of the receiver goes with it even if it is held Alive: it seems to know less of itself.</param>
    /// <param name="outbox">Takes the packet.</param>
    public void Send(MemberRecord to, SwimMessageKind kind, ulong seq, NodeId target, bool withOwn, bool tellIt, Outbox outbox)
    {
        // Who answers for itself says where it stands: that round trip, and no other, is the way between the two.
        var coordinate = kind == SwimMessageKind.Ack && target == roster.Own.Record.Id && options.TellsCoordinates ? roster.Distances.Encoded : default;
        Pack(to, withOwn, tellIt || IsBuddy(to), coordinate.IsEmpty ? 0 : SwimCodec.CoordinateFieldBytes);
        Post(to, MessageOf(kind, seq, target) with { Coordinate = coordinate }, outbox);
    }

    /// <summary>A message of a probe with news, to go over gRPC; see <see cref="Send"/>.</summary>
    public byte[] OfStream(MemberRecord to, SwimMessageKind kind, ulong seq, NodeId target, bool withOwn, bool tellIt)
    {
        Pack(to, withOwn, tellIt || to.State != MemberState.Alive);
        return _streamCodec.Encode(MessageOf(kind, seq, target), _rumours);
    }

    /// <summary>Sends one round of news to a peer, in as many packets as it needs and is allowed.</summary>
    public void Gossip(MemberRecord to, Outbox outbox)
    {
        var untold = roster.News.Count;
        for (var packet = 0; packet < options.GossipPacketsMax && untold > 0; packet++)
        {
            untold -= Pack(to, withOwn: false, tellIt: packet == 0 && IsBuddy(to));
            if (_rumours.Count == 0) return;
            Post(to, MessageOf(SwimMessageKind.Gossip, 0, NodeId.None), outbox);
        }
    }

    /// <summary>Tells a peer the own record, before all else.</summary>
    public void Farewell(MemberRecord to, Outbox outbox) =>
        Send(to, SwimMessageKind.Gossip, 0, NodeId.None, withOwn: true, tellIt: false, outbox);

    private bool IsBuddy(MemberRecord to) => options.TellsSuspectFirst && to.State != MemberState.Alive;

    private int Pack(MemberRecord to, bool withOwn, bool tellIt, int reserved = 0)
    {
        _rumours.Clear();
        if (withOwn) _rumours.Add(roster.Own.Bytes);
        if (tellIt) _rumours.Add(to.Bytes);
        var bytesLeft = _codec.RumourBytesMax - reserved;
        foreach (var rumour in _rumours) bytesLeft -= rumour.Length;
        var budget = options.RetransmitBudget(roster.LiveCount);
        return roster.News.Take(
            _rumours, bytesLeft, budget, tellIt ? to.Id : NodeId.None, withOwn ? roster.Own.Record.Id : NodeId.None);
    }

    private void Post(MemberRecord to, in SwimMessage message, Outbox outbox)
    {
        var packet = _codec.Encode(message, _rumours);
        Sent.Count(message.Kind, packet.Length);
        outbox.Add(new SendDatagram(to.Meta.Host, to.Meta.UdpPort, packet));
    }

    private SwimMessage MessageOf(SwimMessageKind kind, ulong seq, NodeId target) => new(kind, roster.Own.Record.Id, seq, target, roster.Table.Fingerprint);
}
