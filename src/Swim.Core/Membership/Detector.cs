using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// SWIM's failure detector (section 3.1): each period one member is pinged; after a silent timeout the ping is repeated and k helpers
/// are asked to ping too; after a second one the member is suspected. Dead members are pinged as well, ever more rarely but for ever:
/// without that the detector could never correct itself after a long partition.
/// </summary>
internal sealed class Detector(Roster roster, Postman postman, SwimOptions options, Prng prng, LoopWatch watch, LossMeter loss)
{
    // Far above what one node's own probes and fair requests of others need; keeps a flood of requests from filling memory.
    private const int ProbesMax = 4096;

    private const int NackPercent = 80;
    private const int DeathAgeParts = 10;

    private readonly Dictionary<ulong, Probe> _probes = [];
    private readonly HelperChoice _helpers = new(roster, options, prng, loss);
    // Not guessable without seeing a packet; grows by one.
    private ulong _seq = prng.NextUInt64() >> 1;

    private int _beats;

    /// <summary>A protocol period is over: pings the next member in turn, unless poor health stretches the time between probes.</summary>
    public void OnPeriod(Now now, Outbox outbox)
    {
        if (_beats++ < roster.Health.Score) return;
        _beats = 0;
        if (roster.Table.Find(roster.Order.Next()) is not { } target) return;
        var seq = Begin(new Probe(target.Id, ProbePurpose.Watch, now.Ticks), target, outbox);
        SetTimer(MembershipTimer.ProbeDirect, seq, now.After(roster.Health.Scale(options.ProbeTimeout)), outbox);
    }

    /// <summary>Pings one of the dead at random.</summary>
    public void OnDeadProbe(Now now, Outbox outbox)
    {
        if (_probes.Count >= ProbesMax || roster.Table.Find(roster.Dead.Draw(prng)) is not { } target) return;
        var seq = Begin(new Probe(target.Id, ProbePurpose.Revive, now.Ticks), target, outbox);
        SetTimer(MembershipTimer.ProbeEnd, seq, now.After(2 * options.ProtocolPeriod), outbox);
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
        else if (_probes.Count >= ProbesMax) roster.Reject(RejectReason.Overload, outbox);
        else
        {
            var probe = new Probe(message.Target, ProbePurpose.Relay, now.Ticks, message.From, message.Seq);
            var seq = Begin(probe, roster.Table.Find(message.Target), outbox);
            // One that is slow itself would nack for no fault of the target.
            var isRecused = roster.Health.Score >= options.RecusalScore;
            if (isRecused) Report(probe, SwimMessageKind.Recusal, outbox);
            SetTimer(isRecused ? MembershipTimer.ProbeEnd : MembershipTimer.RelayNack, seq, now.After(options.ProbeTimeout * NackPercent / 100), outbox);
        }
    }

    /// <summary>An answer. Returns the dead member that gave it, or null.</summary>
    public MemberRecord? OnAck(in SwimMessage message, Now now, Outbox outbox)
    {
        if (!_probes.TryGetValue(message.Seq, out var probe) || probe.Target != message.Target)
        {
            roster.Reject(RejectReason.Unmatched, outbox);
            return null;
        }

        _probes.Remove(message.Seq);
        if (probe.Purpose == ProbePurpose.Watch)
        {
            roster.Health.OnAnswer();
            loss.OnProbe(isLost: probe.IsRepeated);
            outbox.Notify(new ProbeAnswered(probe.Target, now.Since(probe.StartedTicks)));
        }

        if (probe.Purpose == ProbePurpose.Relay) Report(probe, SwimMessageKind.Ack, outbox);
        return probe.Purpose == ProbePurpose.Revive ? roster.Table.Find(probe.Target) : null;
    }

    /// <summary>
    /// A helper had no answer in time, or recused itself: then another is asked. It proves the way to the helper, nothing about the target.
    /// </summary>
    public void OnNack(in SwimMessage message, Outbox outbox)
    {
        var isAwaited = _probes.TryGetValue(message.Seq, out var probe) && probe.Target == message.Target && probe.HeardOf(message.From);
        if (!isAwaited) roster.Reject(RejectReason.Unmatched, outbox);
        else if (message.Kind == SwimMessageKind.Recusal) AskInstead(message.Seq, probe!, outbox);
    }

    /// <summary>A timer of a probe came back; it is stale if the probe has ended.</summary>
    public void OnProbeTimer(NodeTimer timer, Now now, Outbox outbox)
    {
        var seq = timer.Subject;
        if (!_probes.TryGetValue(seq, out var probe)) return;
        switch ((MembershipTimer)timer.Kind)
        {
            // The answers may lie unread behind a loop that stood still: no verdict.
            case MembershipTimer.ProbeDirect or MembershipTimer.ProbeIndirect when watch.WasInterruptedSince(probe.StartedTicks):
                _probes.Remove(seq);
                break;
            case MembershipTimer.ProbeDirect:
                AskHelpers(seq, probe, now, outbox);
                break;
            case MembershipTimer.ProbeIndirect:
                _probes.Remove(seq);
                roster.Health.OnTrouble();
                if (probe.IsNackMissing) roster.Health.OnTrouble();
                if (roster.Suspect(probe.Target, now, outbox)) Tell(probe.Target, now, outbox);
                break;
            case MembershipTimer.RelayNack:
                Report(probe, SwimMessageKind.Nack, outbox);
                SetTimer(MembershipTimer.ProbeEnd, seq, now.After(options.ProbeTimeout), outbox);
                break;
            default:
                _probes.Remove(seq);
                break;
        }
    }

    private ulong Begin(Probe probe, MemberRecord? target, Outbox outbox)
    {
        var seq = ++_seq;
        _probes.Add(seq, probe);
        if (target is not null) Ping(seq, target, outbox);
        return seq;
    }

    private void AskHelpers(ulong seq, Probe probe, Now now, Outbox outbox)
    {
        // Departure from the paper: the direct ping is repeated, since in a cluster of two there is no helper to make up for one lost packet.
        if (roster.Table.Find(probe.Target) is { } target) Ping(seq, target, outbox);
        probe.IsRepeated = true;
        foreach (var helper in _helpers.Draw(_helpers.Count, probe.Target, probe.Asked)) Ask(seq, probe, helper, owesNack: true, outbox);
        SetTimer(MembershipTimer.ProbeIndirect, seq, now.After(roster.Health.Scale(options.ProbeTimeout)), outbox);
    }

    // Before anybody else hears of it: a refutation that comes first spares everybody the accusation.
    private void Tell(NodeId suspect, Now now, Outbox outbox)
    {
        if (_probes.Count >= ProbesMax) return;
        var seq = Begin(new Probe(suspect, ProbePurpose.Tell, now.Ticks), roster.Table.Find(suspect), outbox);
        SetTimer(MembershipTimer.ProbeEnd, seq, now.After(2 * options.ProtocolPeriod), outbox);
    }

    // Once for each that recuses itself, and in all no more than twice as many as were to be asked.
    private void AskInstead(ulong seq, Probe probe, Outbox outbox)
    {
        if (probe.Asked.Count >= 2 * _helpers.Count) return;
        foreach (var helper in _helpers.Draw(1, probe.Target, probe.Asked)) Ask(seq, probe, helper, owesNack: false, outbox);
    }

    private void Ask(ulong seq, Probe probe, NodeId helper, bool owesNack, Outbox outbox)
    {
        probe.Ask(helper, owesNack);
        postman.Send(roster.Table.Find(helper)!, SwimMessageKind.PingReq, seq, probe.Target, withOwn: true, tellIt: false, outbox);
    }

    private void Ping(ulong seq, MemberRecord target, Outbox outbox) =>
        postman.Send(target, SwimMessageKind.Ping, seq, target.Id, withOwn: true, tellIt: false, outbox);

    private void Report(Probe probe, SwimMessageKind kind, Outbox outbox)
    {
        if (roster.Table.Find(probe.Origin) is { } origin)
            postman.Send(origin, kind, probe.OriginSeq, probe.Target, withOwn: false, tellIt: false, outbox);
    }

    private static void SetTimer(MembershipTimer kind, ulong seq, long due, Outbox outbox) =>
        outbox.SetTimer(new NodeTimer((int)kind, seq, due), due);
}
