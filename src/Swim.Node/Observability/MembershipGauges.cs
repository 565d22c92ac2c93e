using System.Diagnostics.Metrics;
using Swim.Core.Membership;
using Swim.Node.Hosting;

namespace Swim.Node.Observability;

/// <summary>How the membership fares when a scrape asks. What the loop does not answer in time is left out: an old value would lie.</summary>
internal sealed class MembershipGauges
{
    private readonly Func<NodeParts?> _parts;
    private volatile MembershipLook? _look;

    /// <summary>Of the node of which <paramref name="parts"/> gives the parts once it has begun.</summary>
    public MembershipGauges(Meter meter, Func<NodeParts?> parts)
    {
        _parts = parts;
        meter.CreateObservableGauge("swim_members", Members, "{member}", "Members as this node sees them, by state.");
        meter.CreateObservableCounter("swim_membership_rejects_total", Rejects, "{reject}", "Membership input refused, by reason.");
        meter.CreateObservableGauge("swim_health_score", () => OfLook(static look => look.HealthScore), "1", "How far this node doubts itself: 0 not at all, 8 most.");
        meter.CreateObservableGauge("swim_udp_loss_ratio", () => OfLook(static look => look.LossPerMille / 1_000.0), "1", "Part of the packets of membership that get lost, by the own probes.");
        meter.CreateObservableGauge("swim_suspicions_running", () => OfLook(static look => look.Suspicions), "{suspicion}", "Members suspected here whose time runs.");
        meter.CreateObservableGauge("swim_membership_news", () => OfLook(static look => look.News), "{member}", "Members of which there is news to spread.");
        meter.CreateObservableGauge("swim_coordinate_error_ratio", () => OfLook(static look => look.Coordinate.Error), "1", "How wrong round trips foretold from this node's coordinate are.");
        meter.CreateObservableCounter("swim_view_mismatches_total", () => OfLook(static look => look.ViewMismatches), "{answer}", "Answers of members that held other records of the members than this node.");
        meter.CreateObservableGauge("swim_member_watches", () => OfParts(static parts => parts.Membership.Feed.Followers), "{watch}", "Clients that follow the members.");
        meter.CreateObservableCounter("swim_member_events_dropped_total", () => OfParts(static parts => parts.Membership.Feed.Dropped), "{event}", "Events left out for clients that lagged behind and got all members again.");
        OfPackets(meter, "swim_membership_packets_sent_total", "{packet}", static packets => packets.Sent, static count => count.Packets, "Packets of membership made, by kind.");
        OfPackets(meter, "swim_membership_sent_bytes_total", "By", static packets => packets.Sent, static count => count.Bytes, "Bytes of those, by kind.");
        OfPackets(meter, "swim_membership_packets_received_total", "{packet}", static packets => packets.Received, static count => count.Packets, "Packets of membership that could be read, by kind.");
        OfPackets(meter, "swim_membership_received_bytes_total", "By", static packets => packets.Received, static count => count.Bytes, "Bytes of those, by kind.");
    }

    /// <summary>Looks into the membership loop for the scrape to come.</summary>
    public async Task LookAsync(TimeSpan patience)
    {
        _look = null;
        if (_parts() is not { } parts) return;
        try
        {
            _look = await parts.Membership.LookAsync(static (core, _) => core.Look).WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The missing gauges say it.
        }
    }

    private IEnumerable<Measurement<long>> Members()
    {
        if (_parts() is not { } parts) return [];
        var members = parts.Membership.Members.Members.Values.ToList();
        return Enum.GetValues<MemberState>().Select(state => NodeMetrics.Labelled(members.Count(member => member.State == state), "state", state.ToString()));
    }

    private IEnumerable<Measurement<long>> Rejects() =>
        _parts() is { } parts ? parts.Membership.Rejects.Select(static count => NodeMetrics.Labelled(count.Value, "reason", count.Key.ToString())) : [];

    private void OfPackets(
        Meter meter, string name, string unit, Func<(IReadOnlyList<PacketCount> Sent, IReadOnlyList<PacketCount> Received), IReadOnlyList<PacketCount>> side, Func<PacketCount, long> read, string description) =>
        meter.CreateObservableCounter(
            name, () => _parts() is { } parts ? side(parts.Membership.Packets).Select(count => NodeMetrics.Labelled(read(count), "kind", count.Kind.ToString())) : [], unit, description);

    private IEnumerable<Measurement<T>> OfLook<T>(Func<MembershipLook, T> read)
        where T : struct => _look is { } look ? [new(read(look))] : [];

    private IEnumerable<Measurement<long>> OfParts(Func<NodeParts, long> read) => _parts() is { } parts ? [new(read(parts))] : [];
}
