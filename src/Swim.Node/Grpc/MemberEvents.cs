using System.Globalization;
using Swim.Core.Membership;
using Swim.Node.Hosting;
using Swim.V1;

namespace Swim.Node.Grpc;

/// <summary>Translates what followers of the members are told.</summary>
internal static class MemberEvents
{
    /// <summary>A message for one news; null for what is of no use to a follower.</summary>
    public static WatchMembersResponse? ToProto(MemberNews news, MembershipLoop membership, Func<MemberRecord, Member> shown)
    {
        if (news is AllMembers all)
        {
            var view = new MembersView { ViewFingerprint = ProtoMapping.Hex(all.Members.Fingerprint), Dropped = all.Dropped };
            view.Members.AddRange(all.Members.Members.Values.Where(member => !membership.IsForgotten(member)).Select(shown));
            return new WatchMembersResponse { Snapshot = view };
        }

        var happening = (MemberHappening)news;
        var (kind, detail) = Of(happening);
        if (kind == MemberEventKind.Unspecified) return null;
        return new WatchMembersResponse
        {
            Event = new MemberEvent { Kind = kind, Detail = detail, UnixMs = happening.UnixMs, Member = happening.Member is { } member ? shown(member) : null },
        };
    }

    private static (MemberEventKind Kind, string Detail) Of(MemberHappening happening) => happening.What switch
    {
        null => (MemberEventKind.Updated, happening.Member is { } member ? Text($"incarnation {member.Incarnation}") : ""),
        MemberJoined m => (MemberEventKind.Joined, Text($"epoch {m.Epoch}")),
        MemberSuspected m => (MemberEventKind.Suspected, Text($"incarnation {m.Incarnation}")),
        MemberRefuted m => (MemberEventKind.Refuted, Text($"was {m.Was.ToString().ToLowerInvariant()}, incarnation {m.Incarnation}")),
        MemberDied m => (MemberEventKind.Died, Text($"incarnation {m.Incarnation}")),
        MemberLeft => (MemberEventKind.Left, ""),
        MemberForgotten m => (MemberEventKind.Removed, Text($"up to epoch {m.Epoch}")),
        UdpBroken { Way: Core.Membership.ReachWay.Helper } => (MemberEventKind.UdpBroken, "answers through another member"),
        UdpBroken => (MemberEventKind.UdpBroken, "answers over gRPC"),
        UdpWorks => (MemberEventKind.UdpWorks, ""),
        VoteWithheld m => (MemberEventKind.VoteWithheld, DoubtOf(m.Reason)),
        AccusationRefuted m => (MemberEventKind.Accused, Text($"was told to be {m.Told.ToString().ToLowerInvariant()}, incarnation {m.Incarnation} now")),
        IdentityConflict m => (MemberEventKind.Conflict, $"at {m.Address} and at {m.OtherAddress}"),
        LoopWasLate m => (MemberEventKind.LoopLate, Text($"by {m.By.TotalMilliseconds:0} ms")),
        ClocksJumped m => (MemberEventKind.ClockJumped, Text($"by {m.By.TotalMilliseconds:0} ms")),
        InputRejected m => (MemberEventKind.Rejected, Text($"{m.Reason}, {m.Count} so far")),
        _ => (MemberEventKind.Unspecified, ""),
    };

    private static string DoubtOf(DoubtReason reason) => reason switch
    {
        DoubtReason.RecentTraffic => "it was heard of meanwhile",
        DoubtReason.NacksMissing => "no helper was heard of either",
        _ => "several failed in a row",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
