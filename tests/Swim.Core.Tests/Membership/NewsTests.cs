using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>How a node spreads what it heard: SWIM (Das et al. 2002) section 4.1, the buddy system of Lifeguard section IV.C.</summary>
public sealed class NewsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(2, 8)]
    [InlineData(9, 12)]
    [InlineData(70, 21)]
    public void News_is_sent_as_often_as_its_budget_says_and_then_nothing_more(int peers, int budget)
    {
        var node = OneNode.WithoutNews(peers, new SwimOptions { PushPullPeriod = TimeSpan.FromHours(1) });
        node.Hear(Samples.Alive(2) with { Incarnation = 1 });
        node.Run(Long);
        Assert.Equal(budget, node.Sent.Count(static sent => sent.StandingOf(2) is { Incarnation: 1 }));
        Assert.Equal(0, node.Core.NewsCount);
        node.Forget();
        node.Run(Long);
        Assert.Empty(node.SentOf(SwimMessageKind.Gossip));
    }

    [Fact]
    public void Each_round_goes_to_three_different_live_members()
    {
        var node = OneNode.WithoutNews(9);
        node.Hear(Samples.Alive(5) with { State = MemberState.Dead }, Samples.Alive(6) with { State = MemberState.Left });
        node.Run(2 * node.Options.GossipPeriod);
        var rounds = node.SentOf(SwimMessageKind.Gossip).GroupBy(static sent => sent.Ticks).ToList();
        Assert.Equal(2, rounds.Count);
        Assert.All(rounds, static round => Assert.Equal(3, round.Select(static sent => sent.To).Distinct().Count()));
        Assert.DoesNotContain(rounds.SelectMany(static round => round), static sent => sent.To is 5 or 6);
    }

    [Fact]
    public void Every_packet_to_a_suspect_tells_it_first_what_is_said_of_it_also_when_that_is_no_news_any_more()
    {
        var node = OneNode.WithoutNews(3, new SwimOptions { SuspicionFactor = 100 });
        var suspect = Samples.Alive(2) with { State = MemberState.Suspect };
        node.Hear(suspect);
        node.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(0, node.Core.NewsCount);
        node.Receive(SwimMessageKind.Ping, 2, 5, 1);
        node.RunUntilPingOf(2);
        var told = node.Sent.Where(static sent => sent.To == 2).ToList();
        Assert.Equal([SwimMessageKind.Ping, SwimMessageKind.Ack, SwimMessageKind.Gossip], told.Select(static sent => sent.Message.Kind).Distinct().Order());
        Assert.All(told, sent => Assert.Equal(suspect.Standing, sent.Rumours.First(static view => view.Id != Samples.Id(1)).Standing));
        Assert.All(told, sent => Assert.Equal(suspect.Standing, sent.StandingOf(2)));
    }

    [Fact]
    public void Much_news_fills_packets_within_their_bound_and_all_of_it_goes_out()
    {
        var node = OneNode.WithoutNews(3);
        var news = Enumerable.Range(10, 40).Select(static number => Samples.Alive(number) with { Meta = Samples.Meta(number) with { Name = new string('n', 255), Zone = new string('z', 100) } }).ToList();
        foreach (var record in news) node.Hear(record);
        node.Run(node.Options.GossipPeriod);
        var length = RecordCodec.Encode(news[0]).Length;
        foreach (var toPeer in node.SentOf(SwimMessageKind.Gossip).GroupBy(static sent => sent.To))
        {
            Assert.Equal(node.Options.GossipPacketsMax, toPeer.Count());
            Assert.All(toPeer, sent => Assert.InRange(sent.Bytes, SwimCodec.PacketBytesMax - length - 40, SwimCodec.PacketBytesMax));
        }

        node.Run(Long);
        Assert.All(node.Sent, static sent => Assert.InRange(sent.Bytes, 1, SwimCodec.PacketBytesMax));
        Assert.All(news, record => Assert.InRange(node.Sent.Count(sent => sent.StandingOf(NumberOf(record)) is not null), node.Options.RetransmitBudget(4), 40));
    }

    [Fact]
    public void News_fills_what_the_own_record_leaves_of_a_packet()
    {
        var node = new OneNode(2, new SwimOptions { RetransmitMin = 1_000 }, Samples.Longest);
        for (var number = 10; number < 110; number++) node.Hear(Samples.Alive(number));
        node.Run(node.Options.ProtocolPeriod);
        var ping = Assert.Single(node.SentOf(SwimMessageKind.Ping));
        Assert.Equal(Samples.Id(1), ping.Rumours[0].Id);
        Assert.InRange(ping.Bytes, SwimCodec.PacketBytesMax - 60, SwimCodec.PacketBytesMax);
    }

    [Fact]
    public void The_longest_records_of_both_ends_fit_into_one_packet()
    {
        var longest = Samples.Longest;
        var node = new OneNode(0, meta: longest);
        var peer = new MemberRecord(Samples.Id(2), ulong.MaxValue >> 33, ulong.MaxValue >> 33, MemberState.Suspect, longest with { UdpPort = 60_000 });
        node.Hear(peer);
        node.Receive(SwimMessageKind.Ping, 2, ulong.MaxValue, 1, new MemberRecord(Samples.Id(1), 1, 3, MemberState.Suspect, longest));
        var ack = Assert.Single(node.SentOf(SwimMessageKind.Ack));
        Assert.Equal((new Standing(1, 4, MemberState.Alive), peer.Standing), (ack.StandingOf(1), ack.StandingOf(2)));
        Assert.InRange(ack.Bytes, 2 * MemberMeta.BytesMax, SwimCodec.PacketBytesMax);
    }

    private static int NumberOf(MemberRecord record) => (int)record.Id.Value;
}
