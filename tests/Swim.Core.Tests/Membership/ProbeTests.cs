using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>SWIM (Das et al. 2002) section 3.1.</summary>
public sealed class ProbeTests
{
    private static readonly TimeSpan OneTick = TimeSpan.FromTicks(1);

    private readonly OneNode _node = OneNode.WithoutNews(6);

    private TimeSpan Timeout => _node.Options.ProbeTimeout;

    private long Unmatched => _node.Core.Rejects[RejectReason.Unmatched];

    [Fact]
    public void One_member_is_pinged_each_period_and_each_of_them_once_before_any_twice()
    {
        var node = new OneNode(6);
        node.Run(12 * node.Options.ProtocolPeriod);
        var pings = node.SentOf(SwimMessageKind.Ping).ToList();
        Assert.Equal(12, pings.Count);
        Assert.All(pings.Zip(pings.Skip(1)), pair => Assert.Equal(node.Options.ProtocolPeriod.Ticks, pair.Second.Ticks - pair.First.Ticks));
        Assert.All(pings.Chunk(6), static pass => Assert.Equal(6, pass.Select(static ping => ping.To).Distinct().Count()));
        Assert.All(pings, static ping => Assert.Equal((Samples.Id(ping.To), Samples.Id(1)), (ping.Message.Target, ping.Rumours[0].Id)));
    }

    [Fact]
    public void Whoever_acks_in_time_is_left_in_peace()
    {
        _node.RunUntilPingOf(2);
        _node.Run(Timeout + Timeout);
        Assert.Empty(_node.SentOf(SwimMessageKind.PingReq));
        Assert.Equal((MemberState.Alive, 0L), (_node.StateOf(2), Unmatched));
    }

    [Fact]
    public void After_a_silent_timeout_the_ping_is_repeated_and_three_others_are_asked()
    {
        var ping = SilentPing();
        _node.Run(Timeout - OneTick);
        Assert.Empty(_node.Sent);
        _node.Run(OneTick);
        var repeated = Assert.Single(_node.SentOf(SwimMessageKind.Ping));
        Assert.Equal((2, Samples.Id(2)), (repeated.To, repeated.Message.Target));
        Assert.NotEqual(ping.Message.Seq, repeated.Message.Seq);
        var asked = _node.SentOf(SwimMessageKind.PingReq).ToList();
        Assert.Equal(3, asked.Select(static sent => sent.To).Distinct().Count());
        Assert.All(asked, sent => Assert.Equal((Samples.Id(2), ping.Message.Seq), (sent.Message.Target, sent.Message.Seq)));
        Assert.DoesNotContain(asked, static sent => sent.To is 1 or 2);
    }

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(1, 3, 0)]
    [InlineData(6, 0, 0)]
    [InlineData(6, 9, 5)]
    public void No_more_are_asked_than_there_are_and_than_the_options_say(int peers, int helpers, int asked)
    {
        var node = OneNode.WithoutNews(peers, new SwimOptions { IndirectProbes = helpers });
        node.Silent.Add(2);
        node.RunUntilPingOf(2);
        node.Run(node.Options.ProbeTimeout);
        Assert.Equal(asked, node.SentOf(SwimMessageKind.PingReq).Count());
    }

    [Fact]
    public void Without_any_answer_it_is_suspected_when_the_second_timeout_is_over_and_not_before()
    {
        SilentPing();
        _node.Run(2 * Timeout - OneTick);
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        _node.Run(OneTick);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
    }

    [Fact]
    public void An_ack_through_a_helper_saves_it()
    {
        var ping = SilentPing();
        _node.Run(2 * Timeout - OneTick);
        _node.Receive(SwimMessageKind.Ack, 4, ping.Message.Seq, 2);
        _node.Run(OneTick);
        Assert.Equal((MemberState.Alive, 0L), (_node.StateOf(2), Unmatched));
    }

    [Fact]
    public void Acks_of_other_probes_or_of_other_targets_do_not_save_it()
    {
        var seq = SilentPing().Message.Seq;
        _node.Receive(SwimMessageKind.Ack, 4, seq, 3);
        _node.Receive(SwimMessageKind.Ack, 2, seq + 1, 2);
        Assert.Equal(2, Unmatched);
        _node.Run(2 * Timeout);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        // Late: measured, and no way back from a suspicion, which only the member itself refutes.
        _node.Receive(SwimMessageKind.Ack, 2, seq, 2);
        Assert.Equal((MemberState.Suspect, 2L), (_node.StateOf(2), Unmatched));
    }

    [Fact]
    public void A_nack_says_nothing_of_the_target_and_one_that_nobody_waits_for_is_counted()
    {
        var seq = SilentPing().Message.Seq;
        _node.Run(Timeout);
        foreach (var helper in _node.SentOf(SwimMessageKind.PingReq).Select(static sent => sent.To).ToList()) _node.Receive(SwimMessageKind.Nack, helper, seq, 2);
        Assert.Equal(0, Unmatched);
        _node.Run(Timeout);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
        _node.Receive(SwimMessageKind.Nack, 4, seq, 2);
        Assert.Equal(1, Unmatched);
    }

    [Fact]
    public void An_observer_that_stood_still_accuses_nobody_and_goes_on_watching()
    {
        var seq = SilentPing().Message.Seq;
        _node.StandStill(TimeSpan.FromSeconds(30));
        _node.Run(Timeout);
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        Assert.DoesNotContain(_node.SentOf(SwimMessageKind.PingReq), sent => sent.Message.Seq == seq);
        _node.RunUntilPingOf(2);
        _node.Run(2 * Timeout);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
    }

    [Fact]
    public void A_dead_member_that_answers_is_called_at_once()
    {
        var dead = Samples.Alive(2) with { State = MemberState.Dead };
        _node.Hear(dead);
        Assert.Equal(dead.Standing, _node.RunUntilPingOf(2).StandingOf(2));
        _node.Outputs.Clear();
        _node.Run(TimeSpan.FromMilliseconds(1));
        Assert.Contains(_node.Outputs.OfType<SendPushPull>(), static call => call.Address == Samples.Meta(2).GrpcAddress);
    }

    [Fact]
    public void A_dead_member_that_is_silent_is_only_pinged()
    {
        _node.Silent.Add(2);
        _node.Hear(Samples.Alive(2) with { State = MemberState.Dead });
        _node.RunUntilPingOf(2);
        _node.Forget();
        _node.Run(TimeSpan.FromSeconds(20));
        Assert.Contains(_node.SentOf(SwimMessageKind.Ping), static ping => ping.To == 2);
        Assert.Empty(_node.SentOf(SwimMessageKind.PingReq));
        Assert.DoesNotContain(_node.Sent, static sent => sent.Message.Kind == SwimMessageKind.Gossip && sent.To == 2);
        Assert.Equal(MemberState.Dead, _node.StateOf(2));
    }

    [Fact]
    public void A_ping_is_answered_if_it_is_for_this_node_and_its_sender_can_be_answered()
    {
        _node.Receive(SwimMessageKind.Ping, 2, 5, 1);
        _node.Receive(SwimMessageKind.Ping, 50, 6, 1, Samples.Alive(50));
        Assert.Equal([(2, 5UL), (50, 6UL)], _node.SentOf(SwimMessageKind.Ack).Select(static ack => (ack.To, ack.Message.Seq)));
        _node.Receive(SwimMessageKind.Ping, 2, 7, 3);
        _node.Receive(SwimMessageKind.Ping, 51, 8, 1);
        Assert.Equal(2, _node.SentOf(SwimMessageKind.Ack).Count());
        Assert.Equal((1L, 1L), (_node.Core.Rejects[RejectReason.WrongTarget], _node.Core.Rejects[RejectReason.UnknownSender]));
    }

    [Theory]
    [InlineData(SwimMessageKind.Ping)]
    [InlineData(SwimMessageKind.PingReq)]
    [InlineData(SwimMessageKind.Gossip)]
    public void A_packet_under_the_own_name_is_dropped(object kind)
    {
        _node.Receive((SwimMessageKind)kind, 1, 5, 1, Samples.Alive(50));
        Assert.Equal((1L, (MemberState?)null), (_node.Core.Rejects[RejectReason.FromSelf], _node.StateOf(50)));
        Assert.Empty(_node.Sent);
    }

    // Member 2 falls silent; its next ping went out, and everything before is forgotten.
    private SentPacket SilentPing()
    {
        _node.Silent.Add(2);
        var ping = _node.RunUntilPingOf(2);
        _node.Forget();
        return ping;
    }
}
