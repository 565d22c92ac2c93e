using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>What a node learns of one peer's answers and of its own mistakes about it.</summary>
public sealed class LateAnswerTests
{
    private static readonly TimeSpan OneMs = TimeSpan.FromMilliseconds(1);

    private readonly OneNode _node = OneNode.WithoutNews(1, new SwimOptions { SuspicionFactor = 1_000 });

    private TimeSpan Timeout => _node.Options.ProbeTimeout;

    [Fact]
    public void Once_answers_are_measured_helpers_are_asked_earlier_and_the_verdict_still_takes_its_time()
    {
        _node.Run(10 * _node.Options.ProtocolPeriod);
        _node.Silent.Add(2);
        var ping = _node.RunUntilPingOf(2);
        var repeated = _node.RunUntilPingOf(2);
        Assert.Equal(TimeSpan.FromMilliseconds(20).Ticks, repeated.Ticks - ping.Ticks);
        _node.Run(Timeout - OneMs);
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        _node.Run(OneMs);
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
    }

    [Fact]
    public void A_mistake_makes_the_next_timeouts_longer_until_the_peer_begins_another_life()
    {
        BeWrong(0);
        BeWrong(1);
        Assert.Equal(Timeout + 2 * _node.Options.PenaltyStep, DirectWait());
        _node.Hear(Samples.Alive(2) with { Epoch = 2 });
        Assert.Equal(Timeout, DirectWait());
    }

    [Fact]
    public void A_peer_that_really_died_and_one_that_said_so_leave_no_penalty()
    {
        _node.Hear(Samples.Alive(2) with { State = MemberState.Dead, Incarnation = 1 });
        _node.Hear(Samples.Alive(2) with { Epoch = 2 });
        Assert.Equal(Timeout, DirectWait());
    }

    [Fact]
    public void A_penalty_lengthens_the_shortest_suspicion_too()
    {
        var options = new SwimOptions();
        Assert.Equal(options.SuspicionTimeout(9) + TimeSpan.FromSeconds(2), options.SuspicionTimeout(9, 3, TimeSpan.FromSeconds(2)));
        Assert.Equal(6 * (options.SuspicionTimeout(9) + TimeSpan.FromSeconds(2)), options.SuspicionTimeout(9, 0, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void The_late_answer_of_a_dead_peer_brings_it_back()
    {
        _node.Silent.Add(2);
        _node.Hear(Samples.Alive(2) with { State = MemberState.Dead });
        var ping = _node.RunUntilPingOf(2);
        _node.Run(5 * _node.Options.ProtocolPeriod);
        _node.Forget();
        _node.Receive(SwimMessageKind.Ack, 2, ping.Message.Seq, 2);
        Assert.Contains(_node.Outputs.OfType<SendPushPull>(), static call => call.Address == Samples.Meta(2).GrpcAddress);
        Assert.Equal(0, _node.Core.Rejects[RejectReason.Unmatched]);
    }

    [Fact]
    public void Each_late_answer_is_taken_once()
    {
        _node.Silent.Add(2);
        var first = _node.RunUntilPingOf(2);
        var repeated = _node.RunUntilPingOf(2);
        Assert.NotEqual(first.Message.Seq, repeated.Message.Seq);
        _node.Run(2 * Timeout);
        foreach (var ping in new[] { first, repeated }) _node.Receive(SwimMessageKind.Ack, 2, ping.Message.Seq, 2);
        Assert.Equal(0, _node.Core.Rejects[RejectReason.Unmatched]);
        _node.Receive(SwimMessageKind.Ack, 2, first.Message.Seq, 2);
        Assert.Equal(1, _node.Core.Rejects[RejectReason.Unmatched]);
    }

    [Fact]
    public void While_a_peer_is_awaited_for_longer_than_a_period_it_is_not_pinged_anew()
    {
        // Three mistakes of two seconds each: the doubled penalty is eight.
        var node = OneNode.WithoutNews(1, new SwimOptions { PenaltyStep = TimeSpan.FromSeconds(2), SuspicionFactor = 1_000 });
        for (ulong i = 0; i < 3; i++) node.Hear(Samples.Alive(2) with { Incarnation = i, State = MemberState.Suspect }, Samples.Alive(2) with { Incarnation = i + 1 });
        node.Silent.Add(2);
        node.RunUntilPingOf(2);
        node.Forget();
        node.Run(TimeSpan.FromSeconds(8));
        Assert.InRange(node.SentOf(SwimMessageKind.Ping).Count(), 0, 2);
    }

    // Suspected, then refuted.
    private void BeWrong(ulong incarnation) => _node.Hear(
        Samples.Alive(2) with { Incarnation = incarnation, State = MemberState.Suspect }, Samples.Alive(2) with { Incarnation = incarnation + 1 });

    // How long the next probe of member 2 waits before it is repeated.
    private TimeSpan DirectWait()
    {
        _node.Silent.Add(2);
        var first = _node.RunUntilPingOf(2);
        var again = _node.RunUntilPingOf(2);
        _node.Silent.Remove(2);
        _node.Receive(SwimMessageKind.Ack, 2, again.Message.Seq, 2);
        return new TimeSpan(again.Ticks - first.Ticks);
    }
}
