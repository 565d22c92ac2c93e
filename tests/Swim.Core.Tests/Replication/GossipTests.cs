using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Whom a node tells a rumour, how often, and what it lets go.</summary>
public class GossipTests
{
    private static readonly NodeId _origin = new(1);
    private static readonly NodeId _teller = new(2);
    private static readonly NodeId[] _peers = [.. Enumerable.Range(1, 40).Select(static id => new NodeId((ulong)id))];
    private readonly Gossip _gossip = new(new Prng(5));

    [Fact]
    public void A_rumour_goes_to_three_peers_in_each_of_three_rounds_and_to_nobody_twice()
    {
        _gossip.Hear(RumourOf(1), _teller);

        var told = Rounds(5).Select(static round => round.Messages.Select(static message => message.To).ToList()).ToList();

        Assert.Equal([3, 3, 3, 0, 0], told.Select(static round => round.Count));
        Assert.Equal(9, told.SelectMany(static round => round).Distinct().Count());
        Assert.Equal(0, _gossip.Count);
    }

    [Fact]
    public void A_rumour_goes_neither_to_its_origin_nor_to_whom_it_came_from()
    {
        for (ulong seq = 1; seq <= 200; seq++) _gossip.Hear(RumourOf(seq), _teller);

        var told = Rounds(3).SelectMany(static round => round.Messages).Select(static message => message.To).ToList();

        Assert.NotEmpty(told);
        Assert.DoesNotContain(_origin, told);
        Assert.DoesNotContain(_teller, told);
    }

    [Fact]
    public void Rumours_of_one_round_share_their_messages()
    {
        for (ulong seq = 1; seq <= 50; seq++) _gossip.Hear(RumourOf(seq), _teller);

        var round = _gossip.Next(_peers, static (_, _) => true);

        Assert.Equal(3, round.Messages.Count);
        Assert.All(round.Messages, static message => Assert.Equal(50, message.Rumours.Count));
    }

    [Fact]
    public void Only_who_is_to_hold_a_bucket_is_told_of_it_or_compared_with()
    {
        _gossip.Hear(RumourOf(1), _teller);
        NodeId[] holders = [new(7), new(8)];

        var rounds = Enumerable.Range(0, 3).Select(_ => _gossip.Next(_peers, (node, _) => holders.Contains(node))).ToList();

        Assert.Equal(holders, rounds.SelectMany(static round => round.Messages).Select(static message => message.To).Order());
        Assert.All(rounds, round => Assert.Contains(round.Sync!.Value.Peer, holders));
    }

    [Fact]
    public void Without_room_the_rumour_that_went_furthest_goes()
    {
        _gossip.Hear(RumourOf(1), _teller);
        _gossip.Next(_peers, static (_, _) => true);
        for (ulong seq = 2; seq <= Gossip.RumoursMax + 1; seq++) _gossip.Hear(RumourOf(seq), _teller);

        Assert.Equal(Gossip.RumoursMax, _gossip.Count);
        Assert.Equal(1, _gossip.DroppedCount);
        Assert.DoesNotContain(_gossip.Next(_peers, static (_, _) => true).Messages.SelectMany(static message => message.Rumours), static rumour => rumour.Frame.SeqTo == 1);
    }

    [Fact]
    public void One_round_tells_no_more_bytes_than_its_bound()
    {
        for (ulong seq = 1; seq <= 40; seq++) _gossip.Hear(RumourOf(seq, 60_000), _teller);

        var bytes = _gossip.Next(_peers, static (_, _) => true).Messages.Max(static message => message.Rumours.Sum(static rumour => rumour.Frame.Cells.Sum(static cell => (long)cell.Payload.Length)));

        Assert.InRange(bytes, 400_000, Gossip.RoundBytesMax + 60_000);
    }

    [Fact]
    public void What_waits_is_bounded_in_bytes()
    {
        for (ulong seq = 1; seq <= 400; seq++) _gossip.Hear(RumourOf(seq, 60_000), _teller);

        Assert.InRange(_gossip.Count, 100, (int)(Gossip.BytesMax / 60_000));
        Assert.Equal(400 - _gossip.Count, _gossip.DroppedCount);
    }

    private List<GossipRound> Rounds(int count) => [.. Enumerable.Range(0, count).Select(_ => _gossip.Next(_peers, static (_, _) => true))];

    private static Rumour RumourOf(ulong seq, int bytes = 10)
    {
        var cell = new Cell(SystemCells.KeyOfRemoval(new NodeId(99), seq), new HlcTimestamp(seq << 16), _origin, new Dot(4, seq), new byte[bytes]);
        return new Rumour(_origin, new DeltaFrame(Buckets.System, 4, seq, seq, [cell], null));
    }
}
