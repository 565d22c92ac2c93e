using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// What the fingerprints of members that answer say of the own view. Rumours can miss a node; a fingerprint that stays different tells before the
/// next regular push-pull does. Owned by one loop.
/// </summary>
internal sealed class ViewComparison(Roster roster, Exchange exchange, SwimOptions options)
{
    // A difference that outlasts the news by this many periods was not just news on its way.
    private const int QuietPeriods = 3;
    private const int RepairPeriods = 10;

    private long _repairAgainTicks;
    private MemberRecord? _heard;

    /// <summary>How many answers came of members that held other records, news on its way included.</summary>
    public long Mismatches { get; private set; }

    /// <summary>True when another member was found to hold the same records, the own one as it is now among them.</summary>
    public bool IsHeard => ReferenceEquals(_heard, roster.Own.Record);

    /// <summary>Another member's view has this fingerprint.</summary>
    public void NoteHeard(ulong fingerprint)
    {
        if (fingerprint == roster.Table.Fingerprint) _heard = roster.Own.Record;
    }

    /// <summary>A probe was answered; <paramref name="dead"/> is the member where it was held dead, else null.</summary>
    public void OnAnswer(in SwimMessage message, MemberRecord? dead, Now now, Outbox outbox)
    {
        if (message.Fingerprint != roster.Table.Fingerprint) Mismatches++;
        NoteHeard(message.Fingerprint);
        if (dead is not null) exchange.Begin(dead.Meta.GrpcAddress, now, outbox);
        else Repair(message, now, outbox);
    }

    private void Repair(in SwimMessage message, Now now, Outbox outbox)
    {
        if (message.Fingerprint == roster.Table.Fingerprint || roster.News.Count > 0 || now.Ticks < _repairAgainTicks) return;
        if (now.Since(roster.LastChangeTicks) < QuietPeriods * options.ProtocolPeriod || roster.Table.Find(message.From) is not { } peer) return;
        _repairAgainTicks = now.After(RepairPeriods * options.ProtocolPeriod);
        exchange.Begin(peer.Meta.GrpcAddress, now, outbox);
    }
}
