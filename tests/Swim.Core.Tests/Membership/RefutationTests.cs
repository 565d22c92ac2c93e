using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>SWIM (Das et al. 2002) section 4.2: only the member itself raises its incarnation.</summary>
public sealed class RefutationTests
{
    private readonly OneNode _node = OneNode.WithoutNews(4);

    [Theory]
    [InlineData(MemberState.Suspect, 0)]
    [InlineData(MemberState.Dead, 0)]
    [InlineData(MemberState.Suspect, 7)]
    [InlineData(MemberState.Alive, 7)]
    public void What_is_said_of_oneself_is_outbid_by_one_and_spread(MemberState told, ulong incarnation)
    {
        _node.Hear(Self(incarnation, told));
        Assert.Equal((1UL, incarnation + 1, MemberState.Alive), (_node.Core.Self.Epoch, _node.Core.Self.Incarnation, _node.Core.Self.State));
        Assert.Contains(new AccusationRefuted(told, incarnation + 1), _node.Outputs);
        _node.Run(_node.Options.GossipPeriod);
        var gossip = _node.SentOf(SwimMessageKind.Gossip).ToList();
        Assert.Equal(_node.Options.GossipFanout, gossip.Select(static sent => sent.To).Distinct().Count());
        Assert.All(gossip, sent => Assert.Equal(new Standing(1, incarnation + 1, MemberState.Alive), sent.StandingOf(1)));
    }

    [Fact]
    public void Stale_suspicion_does_not_raise_incarnation()
    {
        _node.Hear(Self(3, MemberState.Suspect));
        _node.Forget();
        _node.Hear(Self(3, MemberState.Suspect), Self(2, MemberState.Dead), Self(4, MemberState.Alive));
        Assert.Equal(4UL, _node.Core.Self.Incarnation);
        Assert.Empty(_node.Outputs.OfType<AccusationRefuted>());
    }

    [Theory]
    [InlineData(MemberState.Suspect)]
    [InlineData(MemberState.Dead)]
    public void Whoever_pings_with_an_accusation_hears_the_refutation_in_the_ack(MemberState told)
    {
        foreach (var seq in new ulong[] { 9, 10 })
        {
            _node.Receive(SwimMessageKind.Ping, 2, seq, 1, Samples.Alive(2), Self(0, told));
            var ack = _node.SentOf(SwimMessageKind.Ack).Last();
            Assert.Equal((2, seq), (ack.To, ack.Message.Seq));
            Assert.Equal((Samples.Id(1), new Standing(1, 1, MemberState.Alive)), (ack.Rumours[0].Id, ack.Rumours[0].Standing));
            // The second time it is no news any more.
            _node.Run(TimeSpan.FromSeconds(10));
            Assert.Equal(0, _node.Core.NewsCount);
        }
    }

    [Fact]
    public void Whoever_pings_and_knows_less_of_itself_than_is_known_here_hears_that_in_the_ack()
    {
        _node.Hear(Other(5, MemberState.Alive));
        _node.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _node.Core.NewsCount);
        _node.Receive(SwimMessageKind.Ping, 3, 9, 1, Other(4, MemberState.Alive));
        _node.Receive(SwimMessageKind.Ping, 3, 10, 1, Other(5, MemberState.Alive));
        Assert.Equal(
            [(9UL, new Standing(1, 5, MemberState.Alive)), (10UL, null)],
            _node.SentOf(SwimMessageKind.Ack).Select(static ack => (ack.Message.Seq, ack.StandingOf(3))));
    }

    [Theory]
    [InlineData(1, MemberState.Left, 2)]
    [InlineData(5, MemberState.Alive, 6)]
    [InlineData(5, MemberState.Dead, 6)]
    public void One_said_to_have_left_or_known_by_a_higher_epoch_goes_on_with_a_new_epoch(ulong epoch, MemberState told, ulong taken)
    {
        _node.Hear(Self(4, told) with { Epoch = epoch });
        Assert.Equal((taken, 0UL, MemberState.Alive), (_node.Core.Self.Epoch, _node.Core.Self.Incarnation, _node.Core.Self.State));
        Assert.Contains(new PersistEpoch(taken), _node.Outputs);
    }

    [Theory]
    [InlineData(1UL << 32, false)]
    [InlineData((1UL << 32) + 1, true)]
    [InlineData(ulong.MaxValue, true)]
    public void A_jump_that_nobody_makes_is_not_outbid(ulong incarnation, bool isAbsurd)
    {
        _node.Hear(Self(incarnation, MemberState.Suspect));
        Assert.Equal(isAbsurd ? 0 : incarnation + 1, _node.Core.Self.Incarnation);
        Assert.Equal(isAbsurd ? 1 : 0, _node.Core.Rejects[RejectReason.AbsurdJump]);
    }

    [Theory]
    [InlineData(MemberState.Suspect)]
    [InlineData(MemberState.Dead)]
    public void Another_is_believed_to_be_alive_again_only_by_a_higher_incarnation(MemberState was)
    {
        _node.Hear(Other(2, was));
        _node.Hear(Other(2, MemberState.Alive));
        Assert.Equal(was, _node.StateOf(3));
        _node.Hear(Other(3, MemberState.Alive));
        Assert.Equal(MemberState.Alive, _node.StateOf(3));
        Assert.Contains(new MemberRefuted(Samples.Id(3), "n3", 3, was), _node.Outputs);
    }

    [Fact]
    public void Other_metadata_is_announced_as_a_new_incarnation_and_the_same_is_not()
    {
        _node.Do((now, outbox) => _node.Core.Announce(now, _node.Core.Self.Meta, outbox));
        Assert.Equal(0UL, _node.Core.Self.Incarnation);
        _node.Do((now, outbox) => _node.Core.Announce(now, _node.Core.Self.Meta with { Slots = 5 }, outbox));
        Assert.Equal((1UL, 5), (_node.Core.Self.Incarnation, _node.Core.Self.Meta.Slots));
        Assert.Equal(1, _node.Core.NewsCount);
    }

    [Fact]
    public void Two_processes_with_one_identity_are_told_of_once_and_outbid_each_other_ever_more_rarely()
    {
        var raised = 0;
        for (var second = 0; second < 300; second++)
        {
            var before = _node.Core.Self.Incarnation;
            _node.Hear(Self(before + 1, MemberState.Alive) with { Meta = Samples.Meta(77) });
            raised += _node.Core.Self.Incarnation > before ? 1 : 0;
            _node.Run(TimeSpan.FromSeconds(1));
        }

        // At once, and after 5, 10, 20, 40, 80 and 160 periods, less the wait for the last.
        Assert.InRange(raised, 5, 7);
        Assert.Single(_node.Outputs.OfType<IdentityConflict>());
    }

    private MemberRecord Self(ulong incarnation, MemberState state) => _node.Core.Self with { Epoch = 1, Incarnation = incarnation, State = state };

    private static MemberRecord Other(ulong incarnation, MemberState state) => Samples.Alive(3) with { Incarnation = incarnation, State = state };
}
