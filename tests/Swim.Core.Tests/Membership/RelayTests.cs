using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>What a node does that is asked to ping for another: SWIM (Das et al. 2002) section 3.1, nacks of Lifeguard section IV.A.</summary>
public sealed class RelayTests
{
    private static readonly TimeSpan OneTick = TimeSpan.FromTicks(1);

    private readonly OneNode _node = OneNode.WithoutNews(4);

    private TimeSpan NackAfter => 0.8 * _node.Options.ProbeTimeout;

    [Fact]
    public void The_targets_ack_is_passed_on_under_the_askers_number()
    {
        var own = Ask(3);
        Assert.NotEqual(77UL, own);
        _node.Run(TimeSpan.FromMilliseconds(1));
        var ack = Assert.Single(_node.SentOf(SwimMessageKind.Ack));
        Assert.Equal((2, 77UL, Samples.Id(3)), (ack.To, ack.Message.Seq, ack.Message.Target));
        _node.Run(NackAfter);
        Assert.Empty(_node.SentOf(SwimMessageKind.Nack));
    }

    [Fact]
    public void A_silent_target_is_told_of_when_four_fifths_of_the_timeout_are_over_and_a_late_ack_still_passed_on()
    {
        _node.Silent.Add(3);
        var own = Ask(3);
        _node.Run(NackAfter - OneTick);
        Assert.Empty(_node.SentOf(SwimMessageKind.Nack));
        _node.Run(OneTick);
        var nack = Assert.Single(_node.SentOf(SwimMessageKind.Nack));
        Assert.Equal((2, 77UL, Samples.Id(3)), (nack.To, nack.Message.Seq, nack.Message.Target));
        _node.Run(_node.Options.ProbeTimeout - OneTick);
        _node.Receive(SwimMessageKind.Ack, 3, own, 3);
        Assert.Single(_node.SentOf(SwimMessageKind.Ack));
    }

    [Fact]
    public void In_the_end_it_is_forgotten_and_the_helper_itself_suspects_nobody()
    {
        _node.Silent.Add(3);
        var own = Ask(3);
        _node.Run(NackAfter + _node.Options.ProbeTimeout);
        _node.Receive(SwimMessageKind.Ack, 3, own, 3);
        Assert.Empty(_node.SentOf(SwimMessageKind.Ack));
        Assert.Equal(1, _node.Core.Rejects[RejectReason.Unmatched]);
        Assert.Single(_node.SentOf(SwimMessageKind.Nack));
    }

    [Fact]
    public void An_unknown_target_is_not_pinged_and_its_asker_gets_a_nack_in_time()
    {
        _node.Receive(SwimMessageKind.PingReq, 2, 77, 50);
        _node.Run(NackAfter);
        Assert.DoesNotContain(_node.Sent, static sent => sent.Message.Target == Samples.Id(50) && sent.Message.Kind == SwimMessageKind.Ping);
        Assert.Equal(77UL, Assert.Single(_node.SentOf(SwimMessageKind.Nack)).Message.Seq);
    }

    [Fact]
    public void Whoever_cannot_be_answered_is_refused()
    {
        _node.Receive(SwimMessageKind.PingReq, 50, 77, 3);
        Assert.Empty(_node.Sent);
        Assert.Equal(1, _node.Core.Rejects[RejectReason.UnknownSender]);
    }

    [Fact]
    public void A_flood_of_requests_is_refused_at_a_bound_and_the_node_recovers()
    {
        for (var i = 0; i < 5_000; i++) _node.Receive(SwimMessageKind.PingReq, 2, (ulong)i, 50);
        Assert.InRange(_node.Core.Rejects[RejectReason.Overload], 5_000 - 4_096, 5_000 - 4_096 + 10);
        _node.Run(NackAfter + _node.Options.ProbeTimeout);
        var refused = _node.Core.Rejects[RejectReason.Overload];
        Ask(3);
        Assert.Equal(refused, _node.Core.Rejects[RejectReason.Overload]);
    }

    // Member 2 asks, by its number 77; returns the own number of the ping to the target.
    private ulong Ask(int target)
    {
        _node.Forget();
        _node.Receive(SwimMessageKind.PingReq, 2, 77, target);
        return Assert.Single(_node.SentOf(SwimMessageKind.Ping), sent => sent.To == target).Message.Seq;
    }
}
