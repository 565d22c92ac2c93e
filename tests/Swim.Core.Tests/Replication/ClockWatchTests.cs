using System.Collections.Immutable;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>One node whose clock is compared with peers that the test plays.</summary>
public sealed class ClockWatchTests
{
    private const long Wall = 1_700_000_000_000;
    private static readonly NodeId _self = new(1);
    private readonly ReplicaState _state = new(new ReplicaSettings(_self, 7), new Prng(5));
    private readonly ClockWatch _watch;
    private readonly Outbox _outbox = new();

    public ClockWatchTests()
    {
        (_state.Outbox, _state.Now) = (_outbox, new Now(TimeSpan.TicksPerSecond, Wall));
        _watch = new ClockWatch(_state);
    }

    [Fact]
    public void Without_others_the_clock_is_believed()
    {
        Begin(0);
        Assert.True(_watch.MayOriginate);
    }

    [Fact]
    public void Nothing_is_originated_before_the_others_answered_or_a_second_is_over()
    {
        Begin(2);
        Assert.False(_watch.MayOriginate);
        Tell(2, 0, isRight: true);
        Assert.False(_watch.MayOriginate);
        Pass(TimeSpan.FromSeconds(1));
        _watch.Tend();
        Assert.True(_watch.MayOriginate);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(-500, true)]
    [InlineData(501, false)]
    [InlineData(-501, false)]
    [InlineData(3_600_000, false)]
    public void A_newcomer_off_the_median_of_the_others_originates_nothing_and_says_so(long offset, bool mayOriginate)
    {
        Begin(3);
        foreach (var peer in new ulong[] { 2, 3, 4 }) Tell(peer, offset, isRight: true);
        Assert.Equal(mayOriginate, _watch.MayOriginate);
        Assert.Equal(mayOriginate ? 0 : -offset, _watch.OffByMs);
        Assert.Equal(mayOriginate ? 0 : 3, Sent<ClockOff>().Count());
        Assert.Equal(mayOriginate ? [] : [_self], _watch.Off);
    }

    [Fact]
    public void A_clock_that_came_right_originates_again()
    {
        Begin(1);
        Tell(2, 60_000, isRight: true);
        Assert.False(_watch.MayOriginate);
        Tell(2, 100, isRight: true);
        Assert.True(_watch.MayOriginate);
        Assert.Equal(0, Sent<ClockOff>().Last().ByMs);
        Assert.Equal([-60_000L, 0L], _outbox.Items.OfType<ClockIsOff>().Select(static notice => notice.ByMs));
    }

    [Fact]
    public void Of_nodes_that_start_together_the_one_apart_gives_way_and_of_two_the_one_ahead()
    {
        Begin(2);
        Tell(2, 3_600_000, isRight: false);
        Tell(3, 20, isRight: false);
        Assert.True(_watch.MayOriginate);
        var ahead = new ClockWatchTests();
        ahead.Begin(1);
        ahead.Tell(2, -3_600_000, isRight: false);
        Assert.False(ahead._watch.MayOriginate);
        var behind = new ClockWatchTests();
        behind.Begin(1);
        behind.Tell(2, 3_600_000, isRight: false);
        Assert.True(behind._watch.MayOriginate);
    }

    [Fact]
    public void A_clock_that_was_right_is_not_doubted_on_one_word()
    {
        Begin(2);
        Tell(2, 0, isRight: true);
        Tell(3, 0, isRight: true);
        Pass(TimeSpan.FromSeconds(13));
        _watch.Tend();
        Tell(2, 9_000, isRight: true);
        Assert.True(_watch.MayOriginate);
        Tell(3, 9_000, isRight: true);
        Assert.False(_watch.MayOriginate);
    }

    [Fact]
    public void An_answer_that_took_too_long_says_nothing()
    {
        Begin(1);
        var asked = _state.Now.Ticks;
        Pass(TimeSpan.FromSeconds(1.5));
        _watch.OnTell(new NodeId(2), new ClockTell(asked, Wall + 90_000, IsRight: true));
        Assert.True(_watch.MayOriginate);
    }

    [Theory]
    [InlineData(7_000, 7_000, 7_000, true)]
    [InlineData(7_000, 7_000, 0, true)]
    [InlineData(7_000, 0, 0, false)]
    [InlineData(0, 0, 0, false)]
    public void A_step_forward_is_followed_when_most_of_the_others_agree(long one, long other, long third, bool isFollowed)
    {
        Begin(3);
        foreach (var peer in new ulong[] { 2, 3, 4 }) Tell(peer, 0, isRight: true);
        Step(7_000);
        Tell(2, one, isRight: true);
        Tell(3, other, isRight: true);
        Tell(4, third, isRight: true);
        for (var second = 0; second < 11; second++) Step(7_000);
        Assert.Equal(isFollowed, _outbox.Items.OfType<FollowClockStep>().Any());
    }

    [Fact]
    public void With_nobody_to_ask_a_step_forward_is_followed_once_it_has_stood_for_ten_seconds()
    {
        Begin(0);
        for (var second = 0; second < 10; second++)
        {
            Step(7_000);
            Assert.DoesNotContain(_outbox.Items, static output => output is FollowClockStep);
        }

        Step(7_000);
        Step(7_000);
        Assert.Contains(_outbox.Items, static output => output is FollowClockStep);
    }

    [Fact]
    public void A_step_that_did_not_last_is_not_followed()
    {
        Begin(0);
        for (var second = 0; second < 40; second++) Step(second % 8 == 0 ? 0 : 86_400_000);
        Assert.DoesNotContain(_outbox.Items, static output => output is FollowClockStep);
    }

    [Fact]
    public void Whoever_says_that_its_clock_is_off_counts_as_off_until_it_says_otherwise_or_is_silent()
    {
        Begin(2);
        Assert.True(_watch.OnOff(new NodeId(2), new ClockOff(900)));
        Assert.False(_watch.OnOff(new NodeId(2), new ClockOff(900)));
        Assert.Equal([new NodeId(2)], _watch.Off);
        Assert.True(_watch.OnOff(new NodeId(2), new ClockOff(0)));
        Assert.Empty(_watch.Off);
        _watch.OnOff(new NodeId(2), new ClockOff(900));
        Pass(TimeSpan.FromSeconds(4));
        Assert.True(_watch.Tend());
        Assert.Empty(_watch.Off);
    }

    [Fact]
    public void Members_whose_clocks_are_off_own_what_they_own_and_act_for_nothing()
    {
        Begin(4);
        var placement = _state.Placement;
        for (var bucket = 0; bucket < 200; bucket++)
        {
            var first = placement.ActingOwners(bucket)[0];
            var without = placement.WithOff([first]);
            Assert.DoesNotContain(first, without.ActingOwners(bucket));
            Assert.True(without.Holds(first, bucket));
            Assert.Equal(placement.ActingOwners(bucket), placement.WithOff(placement.LivePeers.Append(_self)).ActingOwners(bucket));
        }
    }

    [Fact]
    public void The_writer_of_a_stamp_too_far_ahead_is_told_once_a_second_and_no_other()
    {
        Begin(2);
        var intake = new FrameIntake(_state);
        var id = new WorkflowId(5, 6);
        var cell = new Cell(new CellKey(id, (CellKind)0x9E, new Subkey(0)), HlcTimestamp.From(Wall + 20_000, 0), new NodeId(3), new Dot(9, 1), new byte[] { 1 });
        var frame = DeltaFrame.Repair(Swim.Core.Ring.Buckets.BucketOf(id.Place), [cell], null);
        for (var i = 0; i < 5; i++) Assert.False(intake.TryMerge(new NodeId(2), frame));
        var told = Assert.Single(_outbox.Items.OfType<SendToPeer>(), static send => send.Message is ClockAhead);
        Assert.Equal((new NodeId(3), new ClockAhead(20_000)), (told.To, told.Message));
        Assert.Equal(HlcTimestamp.Zero, _state.Clock.Last);
    }

    [Fact]
    public void Whoever_is_refused_notices_it_once()
    {
        Begin(1);
        for (var i = 0; i < 3; i++) _watch.OnAhead(new NodeId(2), new ClockAhead(20_000));
        Assert.Equal(new StampRefused(new NodeId(2), 20_000), Assert.Single(_outbox.Items.OfType<StampRefused>()));
        Assert.Equal(1, _watch.RefusedBy);
        Pass(TimeSpan.FromSeconds(60));
        _watch.Tend();
        Assert.Equal(0, _watch.RefusedBy);
    }

    private void Begin(int peers)
    {
        var members = ImmutableSortedDictionary<NodeId, MemberRecord>.Empty;
        for (var i = 1; i <= peers + 1; i++)
        {
            var id = new NodeId((ulong)i);
            members = members.Add(id, new MemberRecord(id, 1, 0, MemberState.Alive, new MemberMeta($"n{i}", "h", 1, 2, 3, "", 16)));
        }

        _state.Placement = Placement.Build(7, 3, _self, new MembersSnapshot(1, members, 1), null);
        _watch.Begin();
    }

    private void Tell(ulong peer, long offset, bool isRight) => _watch.OnTell(new NodeId(peer), new ClockTell(_state.Now.Ticks, _state.Now.WallMs + offset, isRight));

    private void Pass(TimeSpan time) => _state.Now = new Now(_state.Now.Ticks + time.Ticks, _state.Now.WallMs + (long)time.TotalMilliseconds);

    private void Step(long ahead)
    {
        Pass(TimeSpan.FromSeconds(1));
        _state.Now = _state.Now with { SteppedMs = ahead };
        _watch.Tend();
    }

    private IEnumerable<T> Sent<T>() where T : PeerMessage => _outbox.Items.OfType<SendToPeer>().Select(static send => send.Message).OfType<T>();
}
