using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class LeavingTests
{
    private static readonly MemberRecord Left = Samples.Alive(2) with { State = MemberState.Left };

    private readonly OneNode _node = OneNode.WithoutNews(9);

    [Theory]
    [InlineData(true, MemberState.Left)]
    [InlineData(false, MemberState.Dead)]
    public void A_node_that_leaves_or_stops_says_so_to_some_and_saves_whom_it_knows(bool leaves, MemberState state)
    {
        End(leaves);
        Assert.Equal(_node.Options.FarewellPeers, _node.Sent.Select(static sent => sent.To).Distinct().Count());
        Assert.All(_node.Sent, sent => Assert.Equal((Samples.Id(1), state), (sent.Rumours[0].Id, sent.Rumours[0].Standing.State)));
        Assert.Equal(state, Assert.Single(_node.Outputs.OfType<MembersChanged>()).Snapshot.StateOf(Samples.Id(1)));
        Assert.Equal(10, Assert.Single(_node.Outputs.OfType<PersistKnown>()).Snapshot.Members.Count);
    }

    [Fact]
    public void A_node_that_stops_is_told_from_one_that_died_by_its_own_last_word()
    {
        var before = _node.Core.Self;
        End(leaves: false);
        Assert.Equal(before with { State = MemberState.Dead, Incarnation = before.Incarnation + 1, Meta = before.Meta with { IsDraining = true } }, _node.Core.Self);
        Assert.All(_node.Sent, sent => Assert.Equal(_node.Core.Self.Incarnation, sent.Rumours[0].Standing.Incarnation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_it_the_node_is_silent_and_changes_no_more(bool leaves)
    {
        End(leaves);
        var members = _node.Core.Members;
        _node.Forget();
        _node.Receive(SwimMessageKind.Ping, 2, 5, 1, Samples.Alive(2) with { Incarnation = 5 });
        _node.HearByPushPull(2, Samples.Alive(50));
        _node.Do((now, outbox) => _node.Core.Announce(now, Samples.Meta(5), outbox));
        End(!leaves);
        _node.Run(TimeSpan.FromMinutes(5));
        Assert.Empty(_node.Sent);
        Assert.Equal(new RefusePushPull(5, RejectReason.Stopped), Assert.Single(_node.Outputs));
        Assert.Same(members, _node.Core.Members);
    }

    [Fact]
    public void That_a_node_leaves_is_heard_once_another_member_shows_that_it_knows()
    {
        _node.Do((now, outbox) => _node.Core.Announce(now, _node.Core.Self.Meta with { IsLeaving = true }, outbox));
        var asked = _node.Outputs.OfType<SendPushPull>().First().Address;
        // The others answer probes, by another view of the members.
        _node.Do((now, outbox) => _node.Core.OnPushPullReply(now, asked, AnswerWith(0), outbox));
        _node.Run(TimeSpan.FromSeconds(5));
        Assert.False(_node.Core.IsHeard);
        _node.Do((now, outbox) => _node.Core.Announce(now, _node.Core.Self.Meta with { IsDraining = true }, outbox));
        asked = _node.Outputs.OfType<SendPushPull>().Last().Address;
        _node.Do((now, outbox) => _node.Core.OnPushPullReply(now, asked, AnswerWith(_node.Core.Members.Fingerprint), outbox));
        Assert.True(_node.Core.IsHeard);
        _node.Do((now, outbox) => _node.Core.Announce(now, _node.Core.Self.Meta with { IsLeaving = false }, outbox));
        Assert.False(_node.Core.IsHeard);
    }

    [Fact]
    public void A_node_that_knows_nobody_is_heard_by_all_there_are() => Assert.True(new OneNode(0).Core.IsHeard);

    [Fact]
    public void A_node_that_leaves_says_so_by_calls_too_since_packets_are_lost()
    {
        End(leaves: true);
        Assert.Equal(_node.Options.FarewellPeers, _node.Outputs.OfType<SendPushPull>().Select(static call => call.Address).Distinct().Count());
    }

    private byte[] AnswerWith(ulong fingerprint) =>
        new PushPullCodec(OneNode.ClusterId, _node.Options.MembersMax).Encode(new PushPullHead(Samples.Id(2), 99, 1, fingerprint), Samples.Alive(2), []);

    [Fact]
    public void Whoever_left_gets_no_more_packets_and_is_not_called()
    {
        _node.Hear(Left);
        Assert.Contains(new MemberLeft(Samples.Id(2), "n2"), _node.Outputs);
        _node.Forget();
        _node.Run(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(_node.Sent, static sent => sent.To == 2);
        Assert.DoesNotContain(_node.Outputs.OfType<SendPushPull>(), static call => call.Address == Samples.Meta(2).GrpcAddress);
    }

    [Fact]
    public void Whoever_left_does_not_return_but_with_a_new_epoch()
    {
        _node.Hear(Left);
        _node.Hear(Samples.Alive(2) with { Incarnation = 9 });
        _node.HearByPushPull(3, Samples.Alive(2) with { Incarnation = 10, State = MemberState.Dead });
        Assert.Equal(MemberState.Left, _node.StateOf(2));
        _node.Hear(Samples.Alive(2) with { Epoch = 2 });
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        Assert.Contains(new MemberJoined(Samples.Id(2), "n2", 2), _node.Outputs);
        _node.RunUntilPingOf(2);
    }

    [Fact]
    public void Whoever_stopped_keeps_its_place_is_pinged_now_and_then_and_may_return_with_a_higher_incarnation()
    {
        _node.Hear(Left with { State = MemberState.Dead });
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
        _node.RunUntilPingOf(2);
        _node.Hear(Samples.Alive(2) with { Incarnation = 1 });
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
    }

    private void End(bool leaves) => _node.Do(leaves ? _node.Core.Leave : _node.Core.Stop);
}
