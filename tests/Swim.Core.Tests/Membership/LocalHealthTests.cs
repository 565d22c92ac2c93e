using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Lifeguard (Dadgar, Phillips, Currey 2018) section IV.A.</summary>
public sealed class LocalHealthTests
{
    private readonly OneNode _node = OneNode.WithoutNews(1);

    [Fact]
    public void The_score_stays_between_zero_and_its_bound()
    {
        var health = new LocalHealth(8);
        health.OnAnswer();
        Assert.Equal(0, health.Score);
        for (var i = 0; i < 20; i++) health.OnTrouble();
        Assert.Equal(8, health.Score);
        health.OnAnswer();
        Assert.Equal(7, health.Score);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(8, 9)]
    public void Times_grow_by_one_more_than_the_score(int score, int times)
    {
        var health = new LocalHealth(8);
        for (var i = 0; i < score; i++) health.OnTrouble();
        Assert.Equal(TimeSpan.FromSeconds(times), health.Scale(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_probe_that_fails_worsens_it_and_one_that_is_answered_betters_it()
    {
        _node.Silent.Add(2);
        _node.RunUntilPingOf(2);
        _node.Run(2 * _node.Options.ProbeTimeout);
        Assert.Equal(1, _node.Core.HealthScore);
        _node.Silent.Remove(2);
        _node.RunUntilPingOf(2);
        _node.Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _node.Core.HealthScore);
    }

    [Theory]
    [InlineData(MemberState.Suspect, 1)]
    [InlineData(MemberState.Dead, 1)]
    [InlineData(MemberState.Alive, 0)]
    public void To_refute_an_accusation_worsens_it(MemberState told, int score)
    {
        _node.Hear(_node.Core.Self with { Incarnation = 5, State = told });
        Assert.Equal(score, _node.Core.HealthScore);
    }

    [Fact]
    public void In_poor_health_probes_are_rarer_and_wait_longer_and_both_go_back()
    {
        // Long enough that the accused, which refutes nothing, stays a suspect.
        var node = OneNode.WithoutNews(3, new SwimOptions { SuspicionFactor = 1_000 });
        for (ulong incarnation = 0; incarnation < 2; incarnation++) node.Hear(node.Core.Self with { Incarnation = incarnation, State = MemberState.Suspect });
        Assert.Equal(2, node.Core.HealthScore);
        var waits = new List<TimeSpan>();
        var last = node.Ticks;
        for (var i = 0; i < 4; i++)
        {
            var ping = NextPing(node);
            waits.Add(new TimeSpan(ping.Ticks - last));
            last = ping.Ticks;
        }

        // Each answer betters it by one: three periods, counted from the last probe before, then two, then one.
        Assert.InRange(waits[0], 2 * node.Options.ProtocolPeriod, 3 * node.Options.ProtocolPeriod);
        Assert.Equal([2 * node.Options.ProtocolPeriod, node.Options.ProtocolPeriod, node.Options.ProtocolPeriod], waits[1..]);
    }

    [Fact]
    public void In_poor_health_an_answer_is_awaited_longer()
    {
        _node.Hear(_node.Core.Self with { State = MemberState.Suspect });
        _node.Silent.Add(2);
        _node.RunUntilPingOf(2);
        _node.Run(4 * _node.Options.ProbeTimeout - TimeSpan.FromTicks(1));
        Assert.Equal(MemberState.Alive, _node.StateOf(2));
        _node.Run(TimeSpan.FromTicks(1));
        Assert.Equal(MemberState.Suspect, _node.StateOf(2));
    }

    private static SentPacket NextPing(OneNode node)
    {
        var before = node.Sent.Count;
        for (var i = 0; i < 100_000; i++)
        {
            node.Run(TimeSpan.FromMilliseconds(1));
            if (node.Sent.Skip(before).FirstOrDefault(static sent => sent.Message.Kind == SwimMessageKind.Ping) is { } ping) return ping;
        }

        throw new InvalidOperationException("nobody is pinged");
    }
}
