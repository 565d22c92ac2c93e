using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;

namespace Swim.Node.Hosting;

/// <summary>What a follower of the members is told next: all of them, or one thing that happened.</summary>
internal abstract record MemberNews;

/// <summary>All members.</summary>
/// <param name="Members">As of now.</param>
/// <param name="Dropped">So many events since what was told last are left out: what they changed is in here.</param>
internal sealed record AllMembers(MembersSnapshot Members, long Dropped) : MemberNews;

/// <summary>Something happened.</summary>
/// <param name="What">As the core said it; null: a member changed in another way.</param>
/// <param name="Member">Whom it is about, after it; null: nobody who is known.</param>
/// <param name="UnixMs">When.</param>
internal sealed record MemberHappening(Notice? What, MemberRecord? Member, long UnixMs) : MemberNews;

/// <summary>Hands on what the membership core says, in its order and without a gap, to a bounded number of followers. From any thread.</summary>
internal sealed class MemberFeed
{
    /// <summary>So many may follow at once.</summary>
    public const int FollowersMax = 64;

    private readonly Lock _gate = new();
    private readonly List<MemberFollower> _followers = [];
    private MembersSnapshot _members = MembersSnapshot.Empty;
    private long _dropped;

    /// <summary>How many follow.</summary>
    public int Followers
    {
        get
        {
            lock (_gate) return _followers.Count;
        }
    }

    /// <summary>Events that followers did not get since they lagged behind; they got all members instead.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>A follower, which leaves by being disposed of; null when there are too many.</summary>
    public MemberFollower? Enter()
    {
        lock (_gate)
        {
            if (_followers.Count >= FollowersMax) return null;
            var follower = new MemberFollower(this);
            _followers.Add(follower);
            return follower;
        }
    }

    /// <summary>What one input of the core led to. Called by its loop alone; never waits for a follower.</summary>
    public void Take(IReadOnlyList<Output> outputs, long unixMs)
    {
        var notices = outputs.OfType<Notice>().Where(static notice => notice is not (ProbeAnswered or RoundTripMeasured or StreamPingAnswered)).ToList();
        var members = outputs.OfType<MembersChanged>().LastOrDefault()?.Snapshot;
        if (notices.Count == 0 && members is null) return;
        lock (_gate)
        {
            var before = _members;
            _members = members ?? before;
            if (_followers.Count == 0) return;
            var news = NewsOf(before, _members, notices, unixMs).ToList();
            foreach (var follower in _followers) _dropped += follower.Offer(news);
        }
    }

    internal bool TryTake(MemberFollower follower, out MemberNews? news)
    {
        lock (_gate) return follower.TryTake(_members, out news);
    }

    internal void Leave(MemberFollower follower)
    {
        lock (_gate) _followers.Remove(follower);
    }

    private static IEnumerable<MemberHappening> NewsOf(MembersSnapshot before, MembersSnapshot after, List<Notice> notices, long unixMs)
    {
        var told = new HashSet<NodeId>();
        foreach (var notice in notices)
        {
            var (subject, isChange) = SubjectOf(notice);
            if (isChange) told.Add(subject);
            yield return new MemberHappening(notice, after.Members.GetValueOrDefault(subject), unixMs);
        }

        if (ReferenceEquals(before, after)) yield break;
        foreach (var (id, member) in after.Members)
        {
            if (!told.Contains(id) && !ReferenceEquals(before.Members.GetValueOrDefault(id), member)) yield return new MemberHappening(null, member, unixMs);
        }
    }

    private static (NodeId Subject, bool IsChange) SubjectOf(Notice notice) => notice switch
    {
        MemberJoined one => (one.Id, true),
        MemberSuspected one => (one.Id, true),
        MemberRefuted one => (one.Id, true),
        MemberDied one => (one.Id, true),
        MemberLeft one => (one.Id, true),
        MemberForgotten one => (one.Id, true),
        UdpBroken one => (one.Id, false),
        UdpWorks one => (one.Id, false),
        VoteWithheld one => (one.Id, false),
        IdentityConflict one => (one.Id, false),
        _ => (NodeId.None, false),
    };
}
