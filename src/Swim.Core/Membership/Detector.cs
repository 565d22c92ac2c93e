using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// SWIM's failure detector (section 3.1): each period one member is pinged; after a silent timeout the ping is repeated and k helpers
/// are asked to ping too; after a second one the member is suspected. Dead members are pinged as well, ever more rarely but for ever:
/// without that the detector could never correct itself after a long partition.
/// </summary>
internal sealed class Detector(Roster roster, Postman postman, StreamProbes streams, SwimOptions options, Prng prng, LoopWatch watch, LossMeter loss)
{
    private const int NackPercent = 80;
    private const int DeathAgeParts = 10;

    private readonly HelperChoice _helpers = new(roster, options, prng, loss);
    private readonly ProbeBook _book = new(prng);
    private readonly SelfDoubt _doubt = new(options);
    private int _beats;

    /// <summary>A protocol period is over: pings the next member in turn, unless poor health stretches the time between probes.</summary>
    public void OnPeriod(Now now, Outbox outbox)
    {
        if (_beats++ < roster.Health.Score) return;
        _beats = 0;
        // One that is awaited for longer than a period is not pinged again meanwhile.
        if (roster.Table.Find(roster.Order.Next()) is not { } target || _book.FindWatch(target.Id) is { } earlier && now.Since(earlier.StartedTicks) > options.ProtocolPeriod) return;
        Watch(target, isSecond: false, now, outbox);
    }

    /// <summary>Pings the members that others suspect and that this node is to look at for itself.</summary>
    public void OnChecks(Now now, Outbox outbox)
    {
        foreach (var id in roster.ToCheck)
        {
            if (!_book.IsFull && _book.FindWatch(id) is null && roster.Table.Find(id) is { State: MemberState.Suspect } suspect) Watch(suspect, isSecond: false, now, outbox);
        }

        roster.ToCheck.Clear();
    }

    /// <summary>Pings one of the dead at random.</summary>
    public void OnDeadProbe(Now now, Outbox outbox)
    {
        if (_book.IsFull || roster.Table.Find(roster.Dead.Draw(prng)) is not { } target) return;
        var probe = Begin(new Probe(target.Id, ProbePurpose.Revive, now.Ticks), target, outbox);
        streams.Ping(probe.Seq, target, outbox);
        SetTimer(MembershipTimer.ProbeEnd, probe, now.After(2 * options.ProtocolPeriod), outbox);
    }

    /// <summary>How long until the next dead member is pinged: a tenth of the time since the latest death, within bounds.</summary>
    public TimeSpan DeadProbeWait(Now now)
    {
        var wait = now.Since(roster.LastDeathTicks) / DeathAgeParts;
        return wait < options.ProtocolPeriod ? options.ProtocolPeriod : wait > options.DeadProbePeriodMax ? options.DeadProbePeriodMax : wait;
    }

    /// <summary>Answers a ping.</summary>
    /// <param name="message">The ping.</param>
    /// <param name="senderIsBehind">The sender knows less of itself than this node does: it must hear that.</param>
    /// <param name="selfIsBehind">The sender knows less of this node, or thought ill of it.</param>
    /// <param name="outbox">Takes the answer.</param>
    public void OnPing(in SwimMessage message, bool senderIsBehind, bool selfIsBehind, Outbox outbox)
    {
        if (roster.Table.Find(message.From) is { } sender)
            postman.Send(sender, SwimMessageKind.Ack, message.Seq, message.Target, selfIsBehind, senderIsBehind, outbox);
        else roster.Reject(RejectReason.UnknownSender, outbox);
    }

    /// <summary>Pings the target for the sender. A target unknown here gets no ping, and the sender its nack in time.</summary>
    public void OnPingReq(in SwimMessage message, Now now, Outbox outbox)
    {
        if (roster.Table.Find(message.From) is null) roster.Reject(RejectReason.UnknownSender, outbox);
        else if (_book.IsFull) roster.Reject(RejectReason.Overload, outbox);
        else
        {
            var probe = new Probe(message.Target, ProbePurpose.Relay, now.Ticks, message.From, message.Seq);
            Begin(probe, roster.Table.Find(message.Target), outbox);
            // One that is slow itself would nack for no fault of the target.
            var isRecused = roster.Health.Score >= options.RecusalScore;
            if (isRecused) Report(probe, SwimMessageKind.Recusal, outbox);
            var wait = isRecused ? RelayTimeout(message.Target, now) : options.ProbeTimeout * NackPercent / 100;
            SetTimer(isRecused ? MembershipTimer.ProbeEnd : MembershipTimer.RelayNack, probe, now.After(wait), outbox);
        }
    }

    /// <summary>True while an answer to a ping with this number changes something; late ones are measured.</summary>
    public bool Awaits(ulong seq) => _book.Find(seq) is not null || _book.IsEnded(seq);

    /// <summary>An answer, in time or late. Returns the dead member that gave it, or null.</summary>
    public MemberRecord? OnAck(in SwimMessage message, Now now, Outbox outbox)
    {
        var isDirect = message.From == message.Target;
        var probe = _book.Find(message.Seq);
        var isTimely = probe is not null && probe.Target == message.Target;
        if (isTimely) OnTimely(probe!, isDirect ? message.Seq : 0, now, outbox);
        else if (isDirect && _book.TakeEnded(message.Seq, message.Target) is { } ended) probe = ended;
        else
        {
            roster.Reject(RejectReason.Unmatched, outbox);
            return null;
        }

        roster.OnPacketOf(message.From, now);
        if (isDirect) Measure(probe!, message, isTimely, now, outbox);
        return DeadOf(probe!);
    }

    /// <summary>The target answered over gRPC: it lives, and how long that took says nothing of UDP. Returns it where it was dead, or null.</summary>
    public MemberRecord? OnStreamAck(in SwimMessage message, Now now, Outbox outbox)
    {
        if (_book.Find(message.Seq) is not { } probe || probe.Target != message.From) return null;
        OnTimely(probe, 0, now, outbox);
        roster.Deafness.OnStreamAnswer(now);
        roster.OnPacketOf(message.From, now);
        return DeadOf(probe);
    }

    /// <summary>
    /// A helper had no answer in time, or recused itself: then another is asked. It proves the way to the helper, nothing about the target.
    /// </summary>
    public void OnNack(in SwimMessage message, Outbox outbox)
    {
        var probe = _book.Find(message.Seq);
        if (probe is null || probe.Target != message.Target || !probe.HeardOf(message.From)) roster.Reject(RejectReason.Unmatched, outbox);
        else if (message.Kind == SwimMessageKind.Recusal) AskInstead(probe, outbox);
    }

    /// <summary>A timer of a probe came back; it is stale if the probe has ended.</summary>
    public void OnProbeTimer(NodeTimer timer, Now now, Outbox outbox)
    {
        if (_book.Find(timer.Subject) is not { } probe) return;
        switch ((MembershipTimer)timer.Kind)
        {
            // The answers may lie unread behind a loop that stood still: no verdict.
            case MembershipTimer.ProbeDirect or MembershipTimer.ProbeIndirect when watch.WasInterruptedSince(probe.StartedTicks):
                _book.End(probe, awaitsLate: false);
                break;
            case MembershipTimer.ProbeDirect:
                AskHelpers(probe, now, outbox);
                break;
            case MembershipTimer.ProbeIndirect:
                _book.End(probe, awaitsLate: true);
                OnSilence(probe, now, outbox);
                break;
            case MembershipTimer.RelayNack:
                Report(probe, SwimMessageKind.Nack, outbox);
                SetTimer(MembershipTimer.ProbeEnd, probe, now.After(RelayTimeout(probe.Target, now)), outbox);
                break;
            default:
                _book.End(probe, awaitsLate: probe.Purpose != ProbePurpose.Relay);
                break;
        }
    }

    private MemberRecord? DeadOf(Probe probe) => probe.Purpose == ProbePurpose.Revive ? roster.Table.Find(probe.Target) : null;

    // Answered: the number of the ping that was, 0 when a helper says so or the answer came over gRPC.
    private void OnTimely(Probe probe, ulong answered, Now now, Outbox outbox)
    {
        _book.End(probe, awaitsLate: probe.Purpose == ProbePurpose.Watch, answered);
        if (probe.Purpose == ProbePurpose.Relay) Report(probe, SwimMessageKind.Ack, outbox);
        if (probe.Purpose != ProbePurpose.Watch) return;
        roster.Health.OnAnswer();
        _doubt.OnAnswer();
        loss.OnProbe(isLost: probe.RepeatSeq != 0);
        outbox.Notify(new ProbeAnswered(probe.Target, now.Since(probe.StartedTicks)));
    }

    // What lay unread while the own loop stood still says nothing of the peer.
    private void Measure(Probe probe, in SwimMessage message, bool isTimely, Now now, Outbox outbox)
    {
        var sent = probe.SentTicks(message.Seq);
        if (watch.WasInterruptedSince(sent) || roster.Table.Find(probe.Target) is null) return;
        var took = now.Since(sent);
        roster.Timeouts.OnAnswer(probe.Target, took, now);
        // A late one tells how slow the peer is, not how far.
        if (!isTimely) return;
        outbox.Notify(new RoundTripMeasured(probe.Target, took));
        if (!roster.Distances.OnRoundTrip(probe.Target, took, message.Coordinate.Span, now)) roster.Reject(RejectReason.BadCoordinate, outbox);
    }

    private void OnSilence(Probe probe, Now now, Outbox outbox)
    {
        roster.Deafness.OnSilence(probe, now, outbox);
        var isShared = options.DoubtsItself && roster.IsAccusedByOthers(probe.Target);
        if (!probe.IsSecond && !isShared) roster.Health.OnTrouble();
        if (probe.IsNackMissing && !isShared) roster.Health.OnTrouble();
        if (roster.Deafness.IsDeaf(now)) outbox.Notify(new VoteWithheld(probe.Target, roster.Table.Find(probe.Target)?.Meta.Name ?? "", DoubtReason.HearsNobody));
        else if (_doubt.OnSilence(probe, isShared, roster.Traffic.IsHeardSince(probe.Target, probe.StartedTicks)) is { } reason) LookAgain(probe, reason, now, outbox);
        else if (roster.Suspect(probe.Target, now, outbox)) Tell(probe.Target, now, outbox);
    }

    // A full probe anew and at once: the member's next turn may be far away.
    private void LookAgain(Probe probe, DoubtReason reason, Now now, Outbox outbox)
    {
        if (roster.Table.Find(probe.Target) is not { IsLive: true } target) return;
        if (!probe.IsSecond) outbox.Notify(new VoteWithheld(target.Id, target.Meta.Name, reason));
        // One watch that is under way judges for both.
        if (!_book.IsFull && _book.FindWatch(target.Id) is null) Watch(target, isSecond: true, now, outbox);
    }

    private void Watch(MemberRecord target, bool isSecond, Now now, Outbox outbox)
    {
        var probe = Begin(new Probe(target.Id, ProbePurpose.Watch, now.Ticks) { IsSecond = isSecond }, target, outbox);
        SetTimer(MembershipTimer.ProbeDirect, probe, now.After(DirectTimeout(target.Id, now)), outbox);
    }

    private TimeSpan DirectTimeout(NodeId target, Now now) => roster.Health.Scale(roster.Timeouts.BaseOf(target)) + roster.Timeouts.PenaltyOf(target, now);

    // Asking helpers costs little, so a measured timeout may be short; a suspicion disturbs everybody, so the whole takes no less than it ever did.
    private TimeSpan IndirectTimeout(NodeId target, Now now) => roster.Health.Scale(AtLeastDefault(target)) + roster.Timeouts.PenaltyOf(target, now);

    private TimeSpan RelayTimeout(NodeId target, Now now) => AtLeastDefault(target) + roster.Timeouts.PenaltyOf(target, now);

    private TimeSpan AtLeastDefault(NodeId target) => roster.Timeouts.BaseOf(target) is var wait && wait > options.ProbeTimeout ? wait : options.ProbeTimeout;

    private Probe Begin(Probe probe, MemberRecord? target, Outbox outbox)
    {
        _book.Begin(probe);
        if (target is not null) Ping(probe.Seq, target, outbox);
        return probe;
    }

    private void AskHelpers(Probe probe, Now now, Outbox outbox)
    {
        // Departure from the paper: the direct ping is repeated, since in a cluster of two there is no helper to make up for one lost packet.
        _book.Repeat(probe, now);
        if (roster.Table.Find(probe.Target) is { } target)
        {
            Ping(probe.RepeatSeq, target, outbox);
            if (probe.Purpose == ProbePurpose.Watch) streams.Ping(probe.Seq, target, outbox);
        }

        foreach (var helper in _helpers.Draw(_helpers.Count, probe.Target, probe.Asked)) Ask(probe, helper, owesNack: true, outbox);
        SetTimer(MembershipTimer.ProbeIndirect, probe, now.After(IndirectTimeout(probe.Target, now)), outbox);
    }

    // Once for each that recuses itself, and in all no more than twice as many as were to be asked.
    private void AskInstead(Probe probe, Outbox outbox)
    {
        if (probe.Asked.Count >= 2 * _helpers.Count) return;
        foreach (var helper in _helpers.Draw(1, probe.Target, probe.Asked)) Ask(probe, helper, owesNack: false, outbox);
    }

    private void Ask(Probe probe, NodeId helper, bool owesNack, Outbox outbox)
    {
        probe.Ask(helper, owesNack);
        postman.Send(roster.Table.Find(helper)!, SwimMessageKind.PingReq, probe.Seq, probe.Target, withOwn: true, tellIt: false, outbox);
    }

    // Before anybody else hears of it: a refutation that comes first spares everybody the accusation.
    private void Tell(NodeId suspect, Now now, Outbox outbox)
    {
        if (_book.IsFull || !options.TellsSuspectFirst) return;
        var probe = Begin(new Probe(suspect, ProbePurpose.Tell, now.Ticks), roster.Table.Find(suspect), outbox);
        SetTimer(MembershipTimer.ProbeEnd, probe, now.After(2 * options.ProtocolPeriod), outbox);
    }

    private void Ping(ulong seq, MemberRecord target, Outbox outbox) =>
        postman.Send(target, SwimMessageKind.Ping, seq, target.Id, withOwn: true, tellIt: false, outbox);

    private void Report(Probe probe, SwimMessageKind kind, Outbox outbox)
    {
        if (roster.Table.Find(probe.Origin) is { } origin)
            postman.Send(origin, kind, probe.OriginSeq, probe.Target, withOwn: false, tellIt: false, outbox);
    }

    private static void SetTimer(MembershipTimer kind, Probe probe, long due, Outbox outbox) =>
        outbox.SetTimer(new NodeTimer((int)kind, probe.Seq, due), due);
}
