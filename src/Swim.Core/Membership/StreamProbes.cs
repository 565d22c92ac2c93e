using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Pings over gRPC beside the helpers' when a direct one was not answered, as memberlist's TCP fallback does: where UDP is blocked, or passes one way only, a
/// member is not taken for dead for that. Keeps by which way each member answered last. One entry for each member of the table that answered.
/// </summary>
internal sealed class StreamProbes(Roster roster, Postman postman)
{
    /// <summary>So many probes in a row without a direct answer by UDP, though there was another, are no chance any more.</summary>
    public const int BrokenAfter = 3;

    private readonly SortedDictionary<NodeId, Peer> _peers = [];

    /// <summary>How each member answered last, ascending by id.</summary>
    public IReadOnlyList<PeerReach> Reach => [.. _peers.Where(static peer => peer.Value.HeardTicks is not null).Select(static peer => peer.Value.At(peer.Key))];

    /// <summary>Pings the target of a probe over gRPC.</summary>
    public void Ping(ulong seq, MemberRecord target, Outbox outbox)
    {
        if (Planted.Is(Mutant.NoStreamProbes)) return;
        PeerOf(target.Id).AskedSeq = seq;
        outbox.Add(new SendStreamPing(target.Meta.GrpcAddress, postman.OfStream(target, SwimMessageKind.Ping, seq, target.Id, withOwn: true, tellIt: false)));
    }

    /// <summary>Answers a ping that came over gRPC; see <see cref="Detector.OnPing"/>.</summary>
    public void OnPing(in SwimMessage message, bool senderIsBehind, bool selfIsBehind, long requestId, Outbox outbox)
    {
        if (roster.Table.Find(message.From) is { } sender)
        {
            outbox.Add(new AnswerPushPull(requestId, postman.OfStream(sender, SwimMessageKind.Ack, message.Seq, message.Target, selfIsBehind, senderIsBehind)));
            return;
        }

        roster.Reject(RejectReason.UnknownSender, outbox);
        outbox.Add(new RefusePushPull(requestId, RejectReason.UnknownSender));
    }

    /// <summary>An answer over gRPC. False when it is to no ping of ours, and then nothing changes.</summary>
    public bool OnAnswer(in SwimMessage message, Now now, Outbox outbox)
    {
        var isAnswer = message.Kind == SwimMessageKind.Ack && message.From == message.Target;
        if (!isAnswer || !_peers.TryGetValue(message.From, out var peer) || peer.AskedSeq != message.Seq) return false;
        outbox.Notify(new StreamPingAnswered(message.From));
        Missed(message, peer, ReachWay.Stream, now, outbox);
        return true;
    }

    /// <summary>An ack came by UDP, from the target itself or through a helper; late ones show that UDP works, too.</summary>
    public void OnAck(in SwimMessage message, bool isAwaited, Now now, Outbox outbox)
    {
        if (roster.Table.Find(message.Target) is null) return;
        var isLate = !isAwaited && _peers.TryGetValue(message.Target, out var asked) && asked.AskedSeq == message.Seq;
        if (!isAwaited && !isLate) return;
        var peer = PeerOf(message.Target);
        if (message.From != message.Target) Missed(message, peer, ReachWay.Helper, now, outbox);
        else
        {
            if (peer.Missed >= BrokenAfter) outbox.Notify(new UdpWorks(message.Target, NameOf(message.Target)));
            (peer.Way, peer.Missed, peer.HeardTicks) = (ReachWay.Udp, 0, now.Ticks);
        }
    }

    private void Missed(in SwimMessage message, Peer peer, ReachWay way, Now now, Outbox outbox)
    {
        peer.HeardTicks = now.Ticks;
        // Answered twice, by a helper and over gRPC: counted once, and the second way shown only if it is the node's own.
        if (peer.CountedSeq == message.Seq)
        {
            if (way == ReachWay.Stream && peer.Missed > 0) peer.Way = way;
            return;
        }

        (peer.CountedSeq, peer.Way) = (message.Seq, way);
        if (peer.Missed < int.MaxValue && ++peer.Missed == BrokenAfter) outbox.Notify(new UdpBroken(message.Target, NameOf(message.Target), way));
    }

    private string NameOf(NodeId id) => roster.Table.Find(id)?.Meta.Name ?? "";

    private Peer PeerOf(NodeId id)
    {
        if (!_peers.TryGetValue(id, out var peer)) _peers.Add(id, peer = new Peer());
        return peer;
    }

    private sealed class Peer
    {
        public ReachWay Way { get; set; }

        public int Missed { get; set; }

        public long? HeardTicks { get; set; }

        /// <summary>Of the latest ping over gRPC; 0: none so far.</summary>
        public ulong AskedSeq { get; set; }

        public ulong CountedSeq { get; set; }

        public PeerReach At(NodeId id) => new(id, Way, Missed, HeardTicks ?? 0);
    }
}
