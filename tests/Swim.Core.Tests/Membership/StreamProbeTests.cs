using Swim.Core.Hosting;
using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Pings over gRPC where UDP does not answer.</summary>
public sealed class StreamProbeTests
{
    private readonly SwimCodec _codec = new(7);

    [Fact]
    public void A_ping_over_gRPC_goes_out_when_the_direct_one_was_not_answered_and_not_before()
    {
        var node = OneNode.WithoutNews(1);
        node.Silent.Add(2);
        node.RunUntilPingOf(2);
        node.Run(node.Options.ProbeTimeout - TimeSpan.FromTicks(1));
        Assert.Empty(node.Outputs.OfType<SendStreamPing>());
        node.Run(TimeSpan.FromTicks(1));
        Assert.Equal("h2:1", Assert.Single(node.Outputs.OfType<SendStreamPing>()).Address);
    }

    [Fact]
    public void An_answer_over_gRPC_ends_the_probe_and_nobody_is_suspected()
    {
        var node = OneNode.WithoutNews(1);
        node.Silent.Add(2);
        for (var round = 1; round <= 5; round++) AnswerNext(node);
        Assert.Equal(MemberState.Alive, node.StateOf(2));
        Assert.Empty(node.Outputs.OfType<MemberSuspected>());
        Assert.Equal(5, node.Outputs.OfType<StreamPingAnswered>().Count());
        Assert.Equal((ReachWay.Stream, 5), Reach(node));
    }

    [Fact]
    public void It_is_said_once_that_UDP_is_broken_after_three_probes_in_a_row_and_once_that_it_works_again()
    {
        var node = OneNode.WithoutNews(1);
        node.Silent.Add(2);
        AnswerNext(node);
        AnswerNext(node);
        Assert.Empty(node.Outputs.OfType<UdpBroken>());
        AnswerNext(node);
        AnswerNext(node);
        Assert.Equal(new UdpBroken(Samples.Id(2), "n2", ReachWay.Stream), Assert.Single(node.Outputs.OfType<UdpBroken>()));
        node.Silent.Clear();
        node.Run(3 * node.Options.ProtocolPeriod);
        Assert.Single(node.Outputs.OfType<UdpWorks>());
        Assert.Equal((ReachWay.Udp, 0), Reach(node));
    }

    [Fact]
    public void A_late_answer_by_UDP_shows_that_it_works()
    {
        var node = OneNode.WithoutNews(1);
        node.Silent.Add(2);
        for (var round = 1; round <= 5; round++)
        {
            var ping = AnswerNext(node);
            node.Receive(SwimMessageKind.Ack, 2, ping.Seq, 2);
            Assert.Equal((ReachWay.Udp, 0), Reach(node));
        }

        Assert.Empty(node.Outputs.OfType<UdpBroken>());
    }

    [Fact]
    public void A_helpers_answer_counts_as_a_missing_direct_one_and_gRPC_as_well_as_a_helper_as_one()
    {
        var node = OneNode.WithoutNews(2);
        node.Silent.Add(2);
        var asked = NextPing(node);
        node.Receive(SwimMessageKind.Ack, 3, asked.Seq, 2);
        Assert.Equal((ReachWay.Helper, 1), Reach(node));
        Answer(node, asked);
        Assert.Equal((ReachWay.Stream, 1), Reach(node));
    }

    [Theory]
    [InlineData((int)SwimMessageKind.Ack, 2, 1, 2)] // of another probe
    [InlineData((int)SwimMessageKind.Ack, 3, 0, 2)] // of a helper
    [InlineData((int)SwimMessageKind.Nack, 2, 0, 2)]
    public void What_is_no_answer_to_the_ping_is_counted_and_saves_nobody(int kind, int from, ulong off, int target)
    {
        var node = OneNode.WithoutNews(2);
        node.Silent.UnionWith([2, 3]);
        var asked = NextPing(node);
        var before = node.Core.Rejects[RejectReason.Unmatched];
        var accusation = RecordCodec.Encode(Samples.Alive(3) with { State = MemberState.Dead });
        var body = _codec.Encode(new SwimMessage((SwimMessageKind)kind, Samples.Id(from), asked.Seq + off, Samples.Id(target), 0), [accusation]);
        node.Do((now, outbox) => node.Core.OnStreamPong(now, body, outbox));
        Assert.Equal(before + 1, node.Core.Rejects[RejectReason.Unmatched]);
        Assert.NotEqual(MemberState.Dead, node.StateOf(3));
        // Its helper is silent too: it looks once more before it says so.
        node.Run(4 * node.Options.ProtocolPeriod);
        Assert.Equal(MemberState.Suspect, node.StateOf(2));
    }

    [Fact]
    public void A_ping_over_gRPC_is_answered_once_with_what_the_sender_must_hear()
    {
        var node = OneNode.WithoutNews(1);
        var ping = new SwimMessage(SwimMessageKind.Ping, Samples.Id(2), 5, Samples.Id(1), 0);
        var suspicion = Samples.Alive(1) with { State = MemberState.Suspect };
        var answer = Assert.IsType<AnswerPushPull>(Ask(node, _codec.Encode(ping, [.. new[] { Samples.Alive(2), suspicion }.Select(RecordCodec.Encode)])));
        List<RecordView> told = [];
        Assert.Null(_codec.Decode(answer.Body, out var ack, told));
        Assert.Equal((SwimMessageKind.Ack, Samples.Id(1), 5UL, Samples.Id(1)), (ack.Kind, ack.From, ack.Seq, ack.Target));
        Assert.Contains(told, static view => view.Id == Samples.Id(1) && view.Standing.Incarnation == 1);
    }

    [Theory]
    [InlineData((int)SwimMessageKind.Ping, 2, 9, RejectReason.WrongTarget)]
    [InlineData((int)SwimMessageKind.Ping, 7, 1, RejectReason.UnknownSender)]
    [InlineData((int)SwimMessageKind.Ping, 1, 1, RejectReason.FromSelf)]
    [InlineData((int)SwimMessageKind.PingReq, 2, 1, RejectReason.Malformed)]
    public void A_ping_that_cannot_be_answered_is_refused_and_counted(int kind, int from, int target, RejectReason reason)
    {
        var node = OneNode.WithoutNews(1);
        var body = _codec.Encode(new SwimMessage((SwimMessageKind)kind, Samples.Id(from), 5, Samples.Id(target), 0), []);
        Assert.Equal(new RefusePushPull(8, reason), Ask(node, body));
        Assert.Equal(1, node.Core.Rejects[reason]);
        Assert.Equal(new RefusePushPull(8, RejectReason.TooShort), Ask(node, body[..3]));
        node.Do(node.Core.Stop);
        Assert.Equal(new RefusePushPull(8, RejectReason.Stopped), Ask(node, body));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Nodes_between_which_UDP_is_blocked_in_one_direction_or_both_hold_each_other_alive(ulong seed, bool bothWays)
    {
        var cluster = Started(seed, 2);
        cluster.IsUdpCut = (from, to) => bothWays || from < to;
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.All(cluster.Nodes.Values, node => Assert.Empty(node.Notices.OfType<MemberSuspected>()));
        Assert.All(cluster.Nodes.Values, node => Assert.Single(node.Notices.OfType<UdpBroken>()));
        cluster.IsUdpCut = static (_, _) => false;
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.All(cluster.Nodes.Values, node => Assert.Single(node.Notices.OfType<UdpWorks>()));
    }

    [Fact]
    public void Where_UDP_is_blocked_for_all_the_crashed_are_found_and_news_spreads()
    {
        var cluster = Started(3, 8);
        cluster.IsUdpCut = static (_, _) => true;
        cluster.Crash(3);
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(static node => node.StateOf(3) == MemberState.Dead), TimeSpan.FromSeconds(120)));
        Assert.All(cluster.Nodes.Values, node => Assert.DoesNotContain(node.Notices.OfType<MemberDied>(), static died => died.Id != VirtualCluster.IdOf(3)));
    }

    [Fact]
    public void A_partition_heals_where_UDP_stays_blocked()
    {
        var cluster = Started(4, 6);
        cluster.IsUdpCut = static (_, _) => true;
        cluster.IsCut = static (from, to) => from < 3 != to < 3;
        Assert.True(cluster.RunUntil(() => cluster.Nodes[0].StateOf(5) == MemberState.Dead && cluster.Nodes[5].StateOf(0) == MemberState.Dead, TimeSpan.FromSeconds(120)));
        cluster.IsCut = static (_, _) => false;
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(static node => Enumerable.Range(0, 6).All(other => node.StateOf(other) == MemberState.Alive)), TimeSpan.FromSeconds(120)));
    }

    private static VirtualCluster Started(ulong seed, int nodes)
    {
        var cluster = new VirtualCluster(seed);
        cluster.StartMany(nodes);
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(node => node.Core.Members.Live.Count() == nodes), TimeSpan.FromSeconds(60)));
        return cluster;
    }

    // Runs until a ping over gRPC goes out; returns what it says.
    private SwimMessage NextPing(OneNode node)
    {
        var before = node.Outputs.OfType<SendStreamPing>().Count();
        for (var ticks = 0; ticks < 100 && node.Outputs.OfType<SendStreamPing>().Count(static ping => ping.Address == "h2:1") == before; ticks++) node.Run(TimeSpan.FromMilliseconds(100));
        Assert.Null(_codec.Decode(node.Outputs.OfType<SendStreamPing>().Last(static ping => ping.Address == "h2:1").Body, out var message, []));
        return message;
    }

    private SwimMessage AnswerNext(OneNode node)
    {
        var asked = NextPing(node);
        Answer(node, asked);
        return asked;
    }

    private void Answer(OneNode node, SwimMessage asked)
    {
        var body = _codec.Encode(new SwimMessage(SwimMessageKind.Ack, Samples.Id(2), asked.Seq, Samples.Id(2), 0), []);
        node.Do((now, outbox) => node.Core.OnStreamPong(now, body, outbox));
    }

    private static Output Ask(OneNode node, byte[] body)
    {
        Output[] answers = [];
        node.Do((now, outbox) =>
        {
            node.Core.OnStreamPing(now, body, 8, outbox);
            answers = [.. outbox.Items.Where(static output => output is AnswerPushPull or RefusePushPull)];
        });
        return Assert.Single(answers);
    }

    private static (ReachWay Way, int Missed) Reach(OneNode node)
    {
        var reach = node.Core.Reach.Single(static peer => peer.Id == Samples.Id(2));
        return (reach.Way, reach.Missed);
    }
}
