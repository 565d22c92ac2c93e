using System.Diagnostics.Metrics;
using Swim.Core.Hosting;
using Swim.Core.Membership;

namespace Swim.Node.Observability;

/// <summary>Who is there, as this node comes to believe it.</summary>
internal sealed class MembershipMetrics(Meter meter)
{
    private readonly Histogram<double> _probes = meter.CreateHistogram<double>("swim_probe_seconds", description: "From the first ping of a probe to its answer, by whichever way.");
    private readonly Histogram<double> _roundTrips = meter.CreateHistogram<double>("swim_rtt_seconds", "s", "From a ping to the member's own answer by UDP, where that came in time.");
    private readonly Counter<long> _withheld = meter.CreateCounter<long>("swim_votes_withheld_total", "{vote}", "Times that a member seemed silent and this node doubted itself, by reason.");
    private readonly Counter<long> _changes = meter.CreateCounter<long>("swim_member_changes_total", description: "Changes of members' states as this node took them up, by kind.");
    private readonly Counter<long> _streamPings = meter.CreateCounter<long>("swim_stream_probes_answered_total", description: "Probes that UDP did not answer in time and gRPC did.");
    private readonly Counter<long> _udpBroken = meter.CreateCounter<long>("swim_udp_broken_total", description: "Times that a member was found to answer, but not by UDP.");
    private readonly Counter<long> _refuted = meter.CreateCounter<long>("swim_accusations_refuted_total", description: "Times that others held this node for suspect or dead and it said otherwise.");
    private readonly Counter<long> _rings = meter.CreateCounter<long>("swim_ring_changes_total", description: "Times that the owners of buckets changed.");

    public void BeginAtZero()
    {
        foreach (var change in new[] { "joined", "suspected", "refuted", "died", "left" }) Changed(change, 0);
        foreach (var reason in Enum.GetValues<DoubtReason>()) Withheld(reason, 0);
        _refuted.Add(0);
        _streamPings.Add(0);
        _udpBroken.Add(0);
        _rings.Add(0);
    }

    public void RingChanged() => _rings.Add(1);

    /// <summary>The membership core said something.</summary>
    public void On(Notice notice)
    {
        switch (notice)
        {
            case ProbeAnswered answered: _probes.Record(answered.Took.TotalSeconds); break;
            case RoundTripMeasured trip: _roundTrips.Record(trip.Took.TotalSeconds); break;
            case VoteWithheld vote: Withheld(vote.Reason, 1); break;
            case StreamPingAnswered: _streamPings.Add(1); break;
            case UdpBroken: _udpBroken.Add(1); break;
            case MemberJoined: Changed("joined", 1); break;
            case MemberSuspected: Changed("suspected", 1); break;
            case MemberRefuted: Changed("refuted", 1); break;
            case MemberDied: Changed("died", 1); break;
            case MemberLeft or MemberForgotten: Changed("left", 1); break;
            case AccusationRefuted: _refuted.Add(1); break;
            default: break;
        }
    }

    private void Withheld(DoubtReason reason, int count) => _withheld.Add(count, NodeMetrics.Label("reason", reason.ToString()));

    private void Changed(string change, int count) => _changes.Add(count, NodeMetrics.Label("change", change));
}
