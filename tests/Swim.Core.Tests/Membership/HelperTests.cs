using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Who is asked to ping, and what it means if nothing is heard of them: Lifeguard (Dadgar, Phillips, Currey 2018) section IV.A.</summary>
public sealed class HelperTests
{
    private readonly OneNode _node = OneNode.WithoutNews(9);

    public HelperTests() => _node.HasNacks = false;

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    public void A_failed_probe_counts_double_if_a_helper_did_not_even_say_that_it_has_no_answer(int nacks, int score)
    {
        var (seq, asked) = AskHelpers();
        Assert.Equal(3, asked.Count);
        foreach (var helper in asked.Take(nacks)) _node.Receive(SwimMessageKind.Nack, helper, seq, 2);
        _node.Run(_node.Options.ProbeTimeout);
        Assert.Equal((MemberState.Suspect, score), (_node.StateOf(2), _node.Core.HealthScore));
    }

    [Fact]
    public void A_nack_of_one_that_was_not_asked_is_counted_as_a_reject()
    {
        var (seq, asked) = AskHelpers();
        _node.Receive(SwimMessageKind.Nack, Enumerable.Range(3, 7).Except(asked).First(), seq, 2);
        Assert.Equal(1, _node.Core.Rejects[RejectReason.Unmatched]);
    }

    [Fact]
    public void For_one_that_recuses_itself_another_is_asked_and_its_nack_is_not_missed()
    {
        var (seq, asked) = AskHelpers();
        _node.Forget();
        _node.Receive(SwimMessageKind.Recusal, asked[0], seq, 2);
        var instead = Assert.Single(_node.SentOf(SwimMessageKind.PingReq));
        Assert.DoesNotContain(instead.To, asked);
        Assert.Equal((seq, Samples.Id(2)), (instead.Message.Seq, instead.Message.Target));
        foreach (var helper in asked.Skip(1)) _node.Receive(SwimMessageKind.Nack, helper, seq, 2);
        _node.Run(_node.Options.ProbeTimeout);
        Assert.Equal(1, _node.Core.HealthScore);
    }

    [Fact]
    public void However_many_recuse_themselves_the_number_asked_is_bounded()
    {
        var node = OneNode.WithoutNews(30);
        node.Silent.Add(2);
        var seq = node.RunUntilPingOf(2).Message.Seq;
        node.Run(node.Options.ProbeTimeout);
        for (var i = 0; i < 30; i++)
        {
            foreach (var helper in node.SentOf(SwimMessageKind.PingReq).Select(static sent => sent.To).ToList()) node.Receive(SwimMessageKind.Recusal, helper, seq, 2);
        }

        Assert.Equal(6, node.SentOf(SwimMessageKind.PingReq).Count());
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void A_helper_in_poor_health_says_so_at_once_and_still_passes_an_ack_on(int troubles, bool isRecused)
    {
        for (ulong i = 0; i < (ulong)troubles; i++) _node.Hear(_node.Core.Self with { Incarnation = i, State = MemberState.Suspect });
        Assert.Equal(troubles, _node.Core.HealthScore);
        _node.Silent.Add(3);
        _node.Receive(SwimMessageKind.PingReq, 4, 77, 3);
        Assert.Equal(isRecused ? [(4, 77UL)] : [], _node.SentOf(SwimMessageKind.Recusal).Select(static sent => (sent.To, sent.Message.Seq)));
        var own = _node.SentOf(SwimMessageKind.Ping).Last(static sent => sent.To == 3).Message.Seq;
        _node.Receive(SwimMessageKind.Ack, 3, own, 3);
        Assert.Equal((4, 77UL), _node.SentOf(SwimMessageKind.Ack).Select(static sent => (sent.To, sent.Message.Seq)).Single());
        _node.Run(_node.Options.ProbeTimeout);
        Assert.Empty(_node.SentOf(SwimMessageKind.Nack));
    }

    [Fact]
    public void Members_of_other_zones_are_asked_first_and_suspects_never()
    {
        foreach (var number in new[] { 5, 6, 7 })
            _node.Hear(Samples.Alive(number) with { Incarnation = 1, Meta = Samples.Meta(number) with { Zone = "far" } });
        _node.Hear(Samples.Alive(7) with { Incarnation = 1, State = MemberState.Suspect, Meta = Samples.Meta(7) with { Zone = "far" } });
        for (var i = 0; i < 10; i++)
        {
            _node.Forget();
            var (seq, asked) = AskHelpers();
            Assert.Equal([5, 6], asked.Take(2).Order());
            Assert.DoesNotContain(7, asked);
            _node.Receive(SwimMessageKind.Ack, asked[0], seq, 2);
        }
    }

    [Fact]
    public void While_packets_get_lost_two_more_are_asked()
    {
        var loss = new LossMeter();
        for (var probe = 0; probe < 200; probe++) loss.OnProbe(isLost: probe % 20 == 0);
        Assert.InRange(loss.PerMille, 15, 30);
        for (var probe = 0; probe < 200; probe++) loss.OnProbe(isLost: probe % 6 == 0);
        Assert.InRange(loss.PerMille, 60, 100);
        for (var probe = 0; probe < 200; probe++) loss.OnProbe(isLost: false);
        Assert.InRange(loss.PerMille, 0, 1);

        // Every probe of member 2 is answered by a helper only.
        for (var i = 0; i < 4; i++)
        {
            var (seq, asked) = AskHelpers();
            _node.Receive(SwimMessageKind.Ack, asked[0], seq, 2);
            _node.Forget();
        }

        Assert.InRange(_node.Core.LossPerMille, 31, 100);
        Assert.Equal(5, AskHelpers().Asked.Count);
    }

    // Member 2 is silent; the direct timeout of its next probe is over. Returns its number and who was asked.
    private (ulong Seq, List<int> Asked) AskHelpers()
    {
        _node.Silent.Add(2);
        _node.Forget();
        var seq = _node.RunUntilPingOf(2).Message.Seq;
        for (var i = 0; i < 20 && !_node.SentOf(SwimMessageKind.PingReq).Any(); i++) _node.Run(_node.Options.ProbeTimeout / 2);
        return (seq, [.. _node.SentOf(SwimMessageKind.PingReq).Where(sent => sent.Message.Seq == seq).Select(static sent => sent.To)]);
    }
}
