using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// The membership of one node: SWIM (Das, Gupta, Motivala 2002) with suspicion, refutation and piggybacked rumours over UDP and
/// push-pull over gRPC, as a deterministic state machine. Its one loop calls the inputs, each with the time and an
/// <see cref="Outbox"/>, and does what the outbox asks. Remote input never throws; what cannot be used is dropped and counted.
/// </summary>
public sealed partial class MembershipCore
{
    private readonly SwimOptions _options;
    private readonly Prng _prng;
    private readonly LoopWatch _watch;
    private readonly ClockComparison _clocks;
    private readonly SingleTimers _timers = new();
    private readonly Roster _roster;
    private readonly Postman _postman;
    private readonly LossMeter _loss = new();
    private readonly NewsSpread _spread;
    private readonly StreamProbes _streams;
    private readonly Detector _detector;
    private readonly Exchange _exchange;
    private readonly Joining _joining;
    private readonly ViewComparison _views;
    private readonly List<RecordView> _rumours = [];
    private long _publishedVersion;
    private bool _isStarted;
    private bool _isStopped;

    /// <summary>A node that has not started. <paramref name="prng"/> is its own; options and setup must be valid.</summary>
    public MembershipCore(MembershipSetup setup, SwimOptions options, Prng prng)
    {
        Invariant.Holds(setup.Id != NodeId.None && setup.Epoch > 0, "a node has an id and an epoch");
        Invariant.Holds(!setup.Meta.Validate().Any(), "a node's metadata is valid");
        Invariant.Holds(!options.Validate().Any(), "the membership options are valid");
        (_options, _prng) = (options, prng);
        _watch = new LoopWatch(options.LoopLateness);
        _clocks = new ClockComparison(options.ClockJump);
        _spread = new NewsSpread(options, _loss);
        _roster = new Roster(setup, options, prng, _watch, _spread, Rejects);
        _postman = new Postman(_roster, options, setup);
        _streams = new StreamProbes(_roster, _postman);
        _detector = new Detector(_roster, _postman, _streams, options, prng, _watch, _loss);
        _exchange = new Exchange(_roster, setup, options, prng);
        _joining = new Joining(_roster, _exchange, setup, options, prng);
        _views = new ViewComparison(_roster, _exchange, options);
    }

    /// <summary>The members as this node sees them now.</summary>
    public MembersSnapshot Members => _roster.Table.Snapshot();

    /// <summary>Equal on two nodes that hold the same records: <see cref="MembersSnapshot.Fingerprint"/>.</summary>
    public ulong Fingerprint => _roster.Table.Fingerprint;

    /// <summary>How many members take part, this node included.</summary>
    public int LiveCount => _roster.LiveCount;

    /// <summary>The own record.</summary>
    public MemberRecord Self => _roster.Own.Record;

    /// <summary>True once <see cref="Ready"/> was given out.</summary>
    public bool IsReady { get; private set; }

    /// <summary>
    /// True when another member was found to know the own record as it is now: what it announced, as that it leaves, is heard. Also where nobody else is
    /// known but those that left.
    /// </summary>
    public bool IsHeard => _views.IsHeard || (_roster.Live.Count == 0 && _roster.Dead.Count == 0);

    /// <summary>Begins. Call once, before any other input.</summary>
    public void Start(Now now, Outbox outbox)
    {
        Invariant.Holds(!_isStarted, "a node starts once");
        _isStarted = true;
        _roster.Start(now, outbox);
        ArmPeriod(now.After(_prng.Between(TimeSpan.Zero, _options.ProtocolPeriod)), outbox);
        ArmPushPull(now, outbox);
        ContactSeeds(now, outbox);
        if (_joining.IsReadyAtOnce) BecomeReady(now, outbox);
        Finish(now, outbox);
    }

    /// <summary>A UDP packet came. Its bytes are not kept.</summary>
    public void OnDatagram(Now now, ReadOnlyMemory<byte> packet, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        if (WhyDrop(_postman.Open(packet, out var message, _rumours), message) is { } reason) _roster.Reject(reason, outbox);
        else TakeMessage(message, now, outbox);
        Finish(now, outbox);
    }

    /// <summary>A timer set through the outbox is due, or late.</summary>
    public void OnTimer(Now now, NodeTimer timer, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        switch ((MembershipTimer)timer.Kind)
        {
            case MembershipTimer.Suspicion:
                _roster.OnSuspicionTimer(timer, now, outbox);
                break;
            case MembershipTimer.ProbeDirect or MembershipTimer.ProbeIndirect or MembershipTimer.RelayNack or MembershipTimer.ProbeEnd:
                _detector.OnProbeTimer(timer, now, outbox);
                break;
            default:
                if (_timers.TryTake(timer)) OnSingleTimer((MembershipTimer)timer.Kind, now, outbox);
                break;
        }

        Finish(now, outbox);
    }

    /// <summary>
    /// Another node calls push-pull. Exactly one <see cref="AnswerPushPull"/> or <see cref="RefusePushPull"/> with
    /// <paramref name="requestId"/> follows, in this call. The bytes are not kept.
    /// </summary>
    public void OnPushPullRequest(Now now, ReadOnlyMemory<byte> body, long requestId, Outbox outbox)
    {
        if (!Begin(now, outbox))
        {
            outbox.Add(new RefusePushPull(requestId, RejectReason.Stopped));
            return;
        }

        _exchange.OnRequest(body, requestId, now, outbox);
        Finish(now, outbox);
    }

    /// <summary>The answer to <see cref="SendPushPull"/> at <paramref name="address"/>. A host that asked several may hand in each one's.</summary>
    public void OnPushPullReply(Now now, string address, ReadOnlyMemory<byte> body, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        if (_exchange.OnReply(body, address, now, outbox) is { } theirs)
        {
            BecomeReady(now, outbox);
            _views.NoteHeard(theirs);
        }

        Finish(now, outbox);
    }

    /// <summary>The call asked for by <see cref="SendPushPull"/> at <paramref name="address"/> failed or found nobody.</summary>
    public void OnPushPullFailed(Now now, string address, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        _exchange.OnFailed(address, now);
        Finish(now, outbox);
    }

    /// <summary>
    /// Another node pings over gRPC. Exactly one <see cref="AnswerPushPull"/> or <see cref="RefusePushPull"/> with
    /// <paramref name="requestId"/> follows, in this call. The bytes are not kept.
    /// </summary>
    public void OnStreamPing(Now now, ReadOnlyMemory<byte> body, long requestId, Outbox outbox)
    {
        if (!Begin(now, outbox))
        {
            outbox.Add(new RefusePushPull(requestId, RejectReason.Stopped));
            return;
        }

        var reason = WhyDrop(_postman.OpenStream(body, out var message, _rumours), message);
        if (reason is null && message.Kind != SwimMessageKind.Ping) reason = RejectReason.Malformed;
        if (reason is { } why)
        {
            _roster.Reject(why, outbox);
            outbox.Add(new RefusePushPull(requestId, why));
        }
        else
        {
            var (senderIsBehind, selfIsBehind) = Learn(message.From, now, outbox);
            _streams.OnPing(message, senderIsBehind, selfIsBehind, requestId, outbox);
        }

        Finish(now, outbox);
    }

    /// <summary>The answer to a <see cref="SendStreamPing"/>. The bytes are not kept.</summary>
    public void OnStreamPong(Now now, ReadOnlyMemory<byte> body, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        if (WhyDrop(_postman.OpenStream(body, out var message, _rumours), message) is { } reason) _roster.Reject(reason, outbox);
        else if (!_streams.OnAnswer(message, now, outbox)) _roster.Reject(RejectReason.Unmatched, outbox);
        else
        {
            Learn(message.From, now, outbox);
            _views.OnAnswer(message, _detector.OnStreamAck(message, now, outbox), now, outbox);
        }

        Finish(now, outbox);
    }

    /// <summary>
    /// These members were removed, each up to an epoch; all that are known, each time. They count as left, whatever is said of them,
    /// until they come back in a later life whose state began after that epoch (<see cref="MemberMeta.StateSince"/>).
    /// </summary>
    public void OnRemovals(Now now, IEnumerable<KeyValuePair<NodeId, ulong>> removals, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        _roster.OnRemovals(removals, now, outbox);
        Finish(now, outbox);
    }

    /// <summary>Announces other metadata; it must be valid. It takes effect everywhere as a new incarnation.</summary>
    public void Announce(Now now, MemberMeta meta, Outbox outbox)
    {
        Invariant.Holds(!meta.Validate().Any(), "a node's metadata is valid");
        if (!Begin(now, outbox)) return;
        if (meta != Self.Meta) _roster.Become(Self with { Incarnation = Self.Incarnation + 1, Meta = meta }, now);
        if (meta.IsLeaving) PullFromSome(_options.FarewellPeers, now, outbox);
        Finish(now, outbox);
    }

    /// <summary>Says that this node stops and keeps its place: the others hold it for dead until it starts again. Ends all its activity.</summary>
    public void Stop(Now now, Outbox outbox) => End(MemberState.Dead, now, outbox);

    /// <summary>
    /// Says that this node leaves for good: it gives up its place. Ends all its activity. Where nobody hears it the others take it for dead and keep its place:
    /// wait for <see cref="IsHeard"/> after announcing that it leaves.
    /// </summary>
    public void Leave(Now now, Outbox outbox) => End(MemberState.Left, now, outbox);

    private void End(MemberState state, Now now, Outbox outbox)
    {
        if (!Begin(now, outbox)) return;
        // That it takes no tasks any more tells an orderly end from a death: what ran here was not what ended it.
        _roster.Become(Self with { State = state, Incarnation = Self.Incarnation + 1, Meta = Self.Meta with { IsDraining = true } }, now);
        foreach (var peer in _roster.Live.Draw(_prng, _options.FarewellPeers)) _postman.Farewell(_roster.Table.Find(peer)!, outbox);
        // Those that packets do not reach: nobody says it for this node once it is gone.
        if (state == MemberState.Left) PullFromSome(_options.FarewellPeers, now, outbox);
        Publish(outbox);
        if (IsReady) outbox.Add(new PersistKnown(Members));
        _isStopped = true;
    }

    private void PullFromSome(int count, Now now, Outbox outbox)
    {
        foreach (var peer in _roster.Live.Draw(_prng, count)) _exchange.Begin(_roster.Table.Find(peer)!.Meta.GrpcAddress, now, outbox);
    }

    private bool Begin(Now now, Outbox outbox)
    {
        Invariant.Holds(_isStarted, "a node starts before its first input");
        if (_isStopped) return false;
        var late = _watch.Observe(now);
        if (late > TimeSpan.Zero) outbox.Notify(new LoopWasLate(late));
        var jump = _clocks.Observe(now);
        if (jump == TimeSpan.Zero) return true;
        _watch.Interrupt(now);
        outbox.Notify(new ClocksJumped(jump));
        return true;
    }

    private void Finish(Now now, Outbox outbox)
    {
        _detector.OnChecks(now, outbox);
        if (_roster.News.Count > 0 && _roster.Live.Count > 0) ArmIfIdle(MembershipTimer.Gossip, now.After(_options.GossipPeriod), outbox);
        // A new death shortens the wait for the next probe of the dead.
        if (_roster.Dead.Count > 0) _timers.ArmNoLater(MembershipTimer.DeadProbe, now.After(_detector.DeadProbeWait(now)), outbox);
        if (Publish(outbox)) ArmIfIdle(MembershipTimer.Persist, now.After(_options.PersistDelay), outbox);
    }

    private bool Publish(Outbox outbox)
    {
        if (_publishedVersion == Members.Version) return false;
        _publishedVersion = Members.Version;
        outbox.Add(new MembersChanged(Members));
        return true;
    }

    private RejectReason? WhyDrop(RejectReason? unreadable, in SwimMessage message)
    {
        if (unreadable is not null) return unreadable;
        if (message.From == Self.Id) return RejectReason.FromSelf;
        return message.Kind == SwimMessageKind.Ping && message.Target != Self.Id ? RejectReason.WrongTarget : null;
    }

    private void TakeMessage(in SwimMessage message, Now now, Outbox outbox)
    {
        var (senderIsBehind, selfIsBehind) = Learn(message.From, now, outbox);
        if (message.Kind != SwimMessageKind.Ack) _roster.OnPacketOf(message.From, now);
        switch (message.Kind)
        {
            case SwimMessageKind.Ping:
                _spread.OnPing(message.Fingerprint == Fingerprint, LiveCount, now);
                _detector.OnPing(message, senderIsBehind, selfIsBehind, outbox);
                break;
            case SwimMessageKind.Ack:
                _streams.OnAck(message, _detector.Awaits(message.Seq), now, outbox);
                _views.OnAnswer(message, _detector.OnAck(message, now, outbox), now, outbox);
                break;
            case SwimMessageKind.PingReq:
                _detector.OnPingReq(message, now, outbox);
                break;
            case SwimMessageKind.Nack or SwimMessageKind.Recusal:
                _detector.OnNack(message, outbox);
                break;
        }
    }

    private (bool SenderIsBehind, bool SelfIsBehind) Learn(NodeId sender, Now now, Outbox outbox)
    {
        var (senderIsBehind, selfIsBehind) = (false, false);
        foreach (var view in _rumours)
        {
            var isOfSender = view.Id == sender;
            var relation = _roster.Learn(view, isOfSender ? RecordSource.Subject : RecordSource.Gossip, now, outbox);
            senderIsBehind |= isOfSender && relation == Relation.Older;
            selfIsBehind |= view.Id == Self.Id && relation != Relation.Same;
        }

        return (senderIsBehind, selfIsBehind);
    }

    private void OnSingleTimer(MembershipTimer kind, Now now, Outbox outbox)
    {
        switch (kind)
        {
            case MembershipTimer.Period:
                ArmPeriod(now.After(_options.ProtocolPeriod), outbox);
                if (_roster.Deafness.OnPeriod(now)) PullFromSome(1, now, outbox);
                _detector.OnPeriod(now, outbox);
                break;
            case MembershipTimer.Gossip:
                foreach (var peer in _roster.Live.Draw(_prng, _options.GossipFanout)) _postman.Gossip(_roster.Table.Find(peer)!, outbox);
                break;
            case MembershipTimer.DeadProbe:
                _detector.OnDeadProbe(now, outbox);
                break;
            case MembershipTimer.PushPull:
                ArmPushPull(now, outbox);
                if (_roster.Table.Find(_roster.Live.Draw(_prng)) is { } member) _exchange.Begin(member.Meta.GrpcAddress, now, outbox);
                break;
            case MembershipTimer.Seeds:
                ContactSeeds(now, outbox);
                break;
            // Of one that has never joined, or its next life would take itself for a member, and for the only one.
            case MembershipTimer.Persist when IsReady:
                outbox.Add(new PersistKnown(Members));
                break;
        }
    }

    private void BecomeReady(Now now, Outbox outbox)
    {
        if (IsReady) return;
        IsReady = true;
        outbox.Add(new Ready());
        ArmIfIdle(MembershipTimer.Persist, now.After(_options.PersistDelay), outbox);
    }

    private void ContactSeeds(Now now, Outbox outbox)
    {
        if (_joining.Contact(now, outbox) is { } wait) _timers.Arm(MembershipTimer.Seeds, now.After(wait), outbox);
    }

    private void ArmPeriod(long dueTicks, Outbox outbox)
    {
        _timers.Arm(MembershipTimer.Period, dueTicks, outbox);
        _watch.Expect(dueTicks);
    }

    private void ArmPushPull(Now now, Outbox outbox) =>
        _timers.Arm(MembershipTimer.PushPull, now.After(_prng.Between(_options.PushPullPeriod / 2, 3 * _options.PushPullPeriod / 2)), outbox);

    private void ArmIfIdle(MembershipTimer kind, long dueTicks, Outbox outbox)
    {
        if (!_timers.IsArmed(kind)) _timers.Arm(kind, dueTicks, outbox);
    }
}
