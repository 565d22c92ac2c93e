using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Node.Hosting;
using Xunit;

namespace Swim.Node.Tests.Hosting;

/// <summary>Followers of the members get everything in order, or all members again; and there is a bound to everything.</summary>
public sealed class MemberFeedTests
{
    private readonly MemberFeed _feed = new();
    private readonly SortedDictionary<ulong, MemberRecord> _members = [];
    private long _version;

    [Fact]
    public void A_follower_that_applies_what_it_is_told_has_what_the_node_has_at_any_time()
    {
        Change(1, MemberState.Alive);
        using var follower = _feed.Enter()!;
        var held = new SortedDictionary<ulong, MemberRecord>();
        var prng = new Prng(3);
        for (var round = 0; round < 500; round++)
        {
            for (var changes = prng.Next(5); changes > 0; changes--) Change((ulong)prng.Next(9) + 1, (MemberState)prng.Next(4), says: prng.Chance(500));
            if (prng.Chance(300)) Drain(follower, held);
        }

        Drain(follower, held);
        Assert.Equal(_members, held);
        Assert.Equal(0, _feed.Dropped);
    }

    [Fact]
    public async Task What_changes_between_entering_and_the_first_news_is_neither_missed_nor_told_twice()
    {
        using var follower = _feed.Enter()!;
        Change(1, MemberState.Alive);
        var all = Assert.IsType<AllMembers>(await follower.NextAsync(default));
        Assert.Equal((1, 0L), (all.Members.Members.Count, all.Dropped));
        Change(2, MemberState.Alive);
        Assert.Equal(new NodeId(2), Assert.IsType<MemberHappening>(await follower.NextAsync(default)).Member!.Id);
        Assert.False(_feed.TryTake(follower, out _));
    }

    [Fact]
    public async Task Who_lags_behind_gets_what_waits_then_all_members_with_how_many_events_that_stands_for()
    {
        using var slow = _feed.Enter()!;
        using var quick = _feed.Enter()!;
        await slow.NextAsync(default);
        await quick.NextAsync(default);
        for (var i = 0; i < MemberFollower.WaitingMax + 100; i++)
        {
            Change(1, (MemberState)(i % 3));
            Assert.IsType<MemberHappening>(await quick.NextAsync(default));
        }

        for (var i = 0; i < MemberFollower.WaitingMax; i++) Assert.IsType<MemberHappening>(await slow.NextAsync(default));
        var all = Assert.IsType<AllMembers>(await slow.NextAsync(default));
        Assert.Equal((100L, 100L), (all.Dropped, _feed.Dropped));
        Assert.Equal(_members.Values, all.Members.Members.Values);
        Change(2, MemberState.Alive);
        Assert.Equal(new NodeId(2), Assert.IsType<MemberHappening>(await slow.NextAsync(default)).Member!.Id);
    }

    [Fact]
    public async Task A_follower_that_waits_is_woken()
    {
        using var follower = _feed.Enter()!;
        await follower.NextAsync(default);
        var next = follower.NextAsync(default);
        Assert.False(next.IsCompleted);
        Notify(new LoopWasLate(TimeSpan.FromSeconds(1)));
        Assert.Equal(new MemberHappening(new LoopWasLate(TimeSpan.FromSeconds(1)), null, 1), await next);
    }

    [Fact]
    public void What_comes_every_second_is_told_nobody()
    {
        using var follower = _feed.Enter()!;
        Assert.True(_feed.TryTake(follower, out _));
        Notify(new ProbeAnswered(new NodeId(1), default), new RoundTripMeasured(new NodeId(1), default), new StreamPingAnswered(new NodeId(1)));
        Assert.False(_feed.TryTake(follower, out _));
    }

    [Fact]
    public void There_is_a_bound_to_followers_and_who_leaves_makes_room()
    {
        var followers = Enumerable.Range(0, MemberFeed.FollowersMax).Select(_ => _feed.Enter()!).ToList();
        Assert.Equal((null, MemberFeed.FollowersMax), (_feed.Enter(), _feed.Followers));
        followers[5].Dispose();
        followers[5].Dispose();
        Assert.NotNull(_feed.Enter());
        Assert.Null(_feed.Enter());
    }

    private void Change(ulong id, MemberState state, bool says = true)
    {
        var member = new MemberRecord(new NodeId(id), 1, (ulong)_version, state, new MemberMeta($"n{id}", "h", 1, 0, 2, "", 1));
        _members[id] = member;
        var snapshot = MembersSnapshot.Of(_members.Values) with { Version = ++_version };
        Output[] outputs = [.. says ? [NoticeOf(member)] : Array.Empty<Output>(), new MembersChanged(snapshot)];
        _feed.Take(outputs, _version);
    }

    private void Notify(params Notice[] notices) => _feed.Take(notices, 1);

    private static Notice NoticeOf(MemberRecord member) => member.State switch
    {
        MemberState.Suspect => new MemberSuspected(member.Id, "n", member.Incarnation),
        MemberState.Dead => new MemberDied(member.Id, "n", member.Incarnation),
        MemberState.Left => new MemberLeft(member.Id, "n"),
        _ => new MemberJoined(member.Id, "n", 1),
    };

    private void Drain(MemberFollower follower, SortedDictionary<ulong, MemberRecord> held)
    {
        while (_feed.TryTake(follower, out var news))
        {
            if (news is AllMembers all)
            {
                held.Clear();
                foreach (var member in all.Members.Members.Values) held[member.Id.Value] = member;
            }
            else if (((MemberHappening)news!).Member is { } changed) held[changed.Id.Value] = changed;
        }
    }
}
