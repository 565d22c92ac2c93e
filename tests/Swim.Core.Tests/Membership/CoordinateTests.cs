using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Coordinates predict round trips that were never measured, and nothing that a peer says can break them.</summary>
public sealed class CoordinateTests
{
    private readonly OneNode _node = OneNode.WithoutNews(3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_two_regions_80_ms_apart_the_median_prediction_is_less_than_15_percent_off_after_60_rounds(ulong seed)
    {
        var world = new World(seed, nodes: 40);
        Assert.True(world.MedianMiss(static (_, _) => true) > 0.5);
        for (var round = 0; round < 60; round++) world.MeasureOnce(noisePerMille: 0);
        Assert.InRange(world.MedianMiss(static (_, _) => true), 0, 0.15);
        Assert.InRange(world.MedianMiss(static (one, other) => one % 2 != other % 2), 0, 0.05);
    }

    [Fact]
    public void Nodes_of_two_regions_that_only_probe_each_other_foretell_what_they_never_measured()
    {
        // One way: half of a round trip of 80 ms between regions, of 2 ms within one.
        var cluster = new VirtualCluster(11) { Way = static (from, to) => TimeSpan.FromMilliseconds(from % 2 == to % 2 ? 1 : 40) };
        cluster.StartMany(12);
        cluster.Run(TimeSpan.FromMinutes(3));
        var view = cluster.Nodes[0].Core.Distances.ToDictionary(static peer => (int)peer.Id.Value - 1, static peer => peer.Coordinate!);
        Assert.Equal(Enumerable.Range(1, 11), view.Keys);
        foreach (var (one, place) in view)
        {
            foreach (var (_, other) in view.Where(pair => pair.Key % 2 != one % 2)) Assert.InRange(place.DistanceTo(other).TotalMilliseconds, 68, 92);
            foreach (var (_, other) in view.Where(pair => pair.Key % 2 == one % 2 && pair.Key != one)) Assert.InRange(place.DistanceTo(other).TotalMilliseconds, 0, 12);
        }
    }

    [Fact]
    public void One_answer_in_fifty_that_is_held_up_for_a_second_moves_nobody_far()
    {
        var world = new World(4, nodes: 40);
        for (var round = 0; round < 200; round++) world.MeasureOnce(noisePerMille: 20);
        Assert.InRange(world.MedianMiss(static (one, other) => one % 2 != other % 2), 0, 0.15);
    }

    [Fact]
    public void The_same_measurements_lead_to_the_same_place()
    {
        var (one, other) = (new World(5, 10), new World(5, 10));
        for (var round = 0; round < 30; round++)
        {
            one.MeasureOnce(50);
            other.MeasureOnce(50);
        }

        Assert.Equal(one.Nodes.Select(static node => Convert.ToHexString(node.Encoded.Span)), other.Nodes.Select(static node => Convert.ToHexString(node.Encoded.Span)));
    }

    [Fact]
    public void Of_two_nodes_both_predict_the_same_and_nearly_what_they_measure()
    {
        var (one, other) = (new PeerDistances(Samples.Id(1)), new PeerDistances(Samples.Id(2)));
        for (var round = 0; round < 100; round++)
        {
            Assert.True(one.OnRoundTrip(Samples.Id(2), TimeSpan.FromMilliseconds(30), other.Encoded.Span, default));
            Assert.True(other.OnRoundTrip(Samples.Id(1), TimeSpan.FromMilliseconds(30), one.Encoded.Span, default));
        }

        Assert.Equal(one.Own.DistanceTo(other.Own), other.Own.DistanceTo(one.Own));
        Assert.InRange(one.Own.DistanceTo(other.Own).TotalMilliseconds, 27, 33);
        Assert.InRange(one.Own.Error, 0, 0.2);
    }

    [Fact]
    public void What_is_encoded_takes_at_most_40_bytes_and_is_read_again_to_the_microsecond()
    {
        var place = Enumerable.Range(0, Coordinate.Dimensions).Select(static i => (i % 2 == 0 ? 1 : -1) * i * 611.123).ToArray();
        var coordinate = Coordinate.TryMake(place, 3.25, 0.5, -7.001)!;
        var bytes = coordinate.Encode();
        Assert.InRange(SwimCodec.CoordinateFieldBytes, bytes.Length, 40);
        var read = Coordinate.TryDecode(bytes)!;
        Assert.Equal(bytes, read.Encode());
        Assert.InRange(Math.Abs(read.PlainMsTo(Coordinate.Origin) - coordinate.PlainMsTo(Coordinate.Origin)), 0, 0.01);
    }

    [Theory]
    [InlineData(double.NaN, 1, 1, 0)]
    [InlineData(double.PositiveInfinity, 1, 1, 0)]
    [InlineData(5_001, 1, 1, 0)]
    [InlineData(0, double.NaN, 1, 0)]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, 1, double.NaN, 0)]
    [InlineData(0, 1, 1.6, 0)]
    [InlineData(0, 1, -0.1, 0)]
    [InlineData(0, 1, 1, double.NegativeInfinity)]
    public void What_is_no_number_or_out_of_range_is_no_coordinate(double component, double height, double error, double adjustment)
    {
        Assert.Null(Coordinate.TryMake([component, .. new double[Coordinate.Dimensions - 1]], height, error, adjustment));
        Assert.NotNull(Coordinate.TryMake(new double[Coordinate.Dimensions], 1, 1, 0));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_round_trip_that_is_none_moves_nothing(double tookMs)
    {
        var vivaldi = new Vivaldi(new Prng(1));
        Assert.False(vivaldi.Move(Coordinate.Origin, tookMs));
        Assert.Same(Coordinate.Origin, vivaldi.Own);
        Assert.True(vivaldi.Move(Coordinate.Origin, 10));
    }

    [Fact]
    public void Random_bytes_move_nothing_that_is_out_of_range_and_never_throw()
    {
        var prng = new Prng(7);
        var distances = new PeerDistances(Samples.Id(1));
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[prng.Chance(900) ? Coordinate.EncodedBytes : 1 + prng.Next(64)];
            for (var at = 0; at < bytes.Length; at++) bytes[at] = (byte)prng.NextUInt64();
            if (prng.Chance(800)) bytes[0] = 1;
            var before = distances.Own;
            if (distances.OnRoundTrip(Samples.Id(2), TimeSpan.FromMilliseconds(prng.Next(20_000)), bytes, default)) continue;
            Assert.Same(before, distances.Own);
            refused++;
        }

        Assert.InRange(refused, 10_000, 20_000);
        Assert.NotNull(Coordinate.TryDecode(distances.Encoded.Span));
    }

    [Fact]
    public void An_answer_says_where_the_answering_node_stands_and_nothing_else_does()
    {
        _node.Receive(SwimMessageKind.Ping, 2, 9, 1, Samples.Alive(2));
        _node.Receive(SwimMessageKind.PingReq, 2, 10, 3, Samples.Alive(2));
        _node.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(Coordinate.EncodedBytes, _node.SentOf(SwimMessageKind.Ack).Single(static sent => sent.Message.Seq == 9).Message.Coordinate.Length);
        Assert.Contains(_node.Sent, static sent => sent.Message.Seq == 10 && sent.Message.Kind == SwimMessageKind.Ack);
        Assert.All(_node.Sent.Where(static sent => sent.Message.Seq != 9), static sent => Assert.True(sent.Message.Coordinate.IsEmpty));
    }

    [Fact]
    public void An_answer_without_a_coordinate_is_measured_and_one_with_garbage_too_but_the_garbage_is_counted_and_moves_nothing()
    {
        _node.Silent.Add(2);
        Answer([]);
        Assert.Null(Distance().Coordinate);
        Answer([1, 2, 3]);
        Assert.Equal((1, 0), (_node.Core.Rejects[RejectReason.BadCoordinate], _node.Core.Rejects[RejectReason.Malformed]));
        Assert.Same(Coordinate.Origin, _node.Core.Look.Coordinate);
        Assert.Null(Distance().Coordinate);
        Answer(Coordinate.TryMake([.. Enumerable.Repeat(10.0, Coordinate.Dimensions)], 1, 0.1, 0)!.Encode());
        Assert.NotSame(Coordinate.Origin, _node.Core.Look.Coordinate);
        Assert.NotNull(Distance().Coordinate);
        Assert.Equal(TimeSpan.FromMilliseconds(3), Distance().Latest);
    }

    [Fact]
    public void Only_the_members_own_answer_by_UDP_and_in_time_is_a_measure()
    {
        _node.Silent.Add(2);
        var ping = _node.RunUntilPingOf(2);
        Deliver(3, ping.Message.Seq, Coordinate.Origin.Encode());
        Assert.DoesNotContain(_node.Core.Distances, static distance => distance.Id == Samples.Id(2));
        var late = _node.RunUntilPingOf(2);
        _node.Run(TimeSpan.FromSeconds(5));
        Deliver(2, late.Message.Seq, Coordinate.Origin.Encode());
        Assert.DoesNotContain(_node.Core.Distances, static distance => distance.Id == Samples.Id(2));
    }

    private PeerDistance Distance() => _node.Core.Distances.Single(static distance => distance.Id == Samples.Id(2));

    private void Answer(byte[] coordinate)
    {
        var ping = _node.RunUntilPingOf(2);
        _node.Run(TimeSpan.FromMilliseconds(3));
        Deliver(2, ping.Message.Seq, coordinate);
    }

    private void Deliver(int from, ulong seq, byte[] coordinate)
    {
        var packet = new SwimCodec(OneNode.ClusterId).Encode(new SwimMessage(SwimMessageKind.Ack, Samples.Id(from), seq, Samples.Id(2), 0, coordinate), []);
        _node.Do((now, outbox) => _node.Core.OnDatagram(now, packet, outbox));
    }

    /// <summary>Nodes in two regions by turns: 80 ms between them, and 0.5 to 2.5 ms from each node to its region's middle.</summary>
    private sealed class World(ulong seed, int nodes)
    {
        private readonly Prng _prng = new(seed);
        private readonly double[] _doorMs = [.. DoorsOf(new Prng(seed + 1000), nodes)];

        public PeerDistances[] Nodes { get; } = [.. Enumerable.Range(0, nodes).Select(static node => new PeerDistances(Samples.Id(node + 1)))];

        /// <summary>Each node pings another at random, as in a protocol period; of 1,000 answers so many take a second more.</summary>
        public void MeasureOnce(int noisePerMille)
        {
            for (var node = 0; node < nodes; node++)
            {
                var other = (node + 1 + _prng.Next(nodes - 1)) % nodes;
                var tookMs = TrueMs(node, other) * (1 + _prng.Next(100) / 1000.0) + (_prng.Chance(noisePerMille) ? 1000 : 0);
                Nodes[node].OnRoundTrip(Samples.Id(other + 1), TimeSpan.FromMilliseconds(tookMs), Nodes[other].Encoded.Span, default);
            }
        }

        /// <summary>The median, over these pairs, of how far off predictions are as a part of the truth.</summary>
        public double MedianMiss(Func<int, int, bool> counts)
        {
            var misses = new List<double>();
            for (var one = 0; one < nodes; one++)
            {
                for (var other = 0; other < one; other++)
                {
                    if (counts(one, other)) misses.Add(Math.Abs(Nodes[one].Own.DistanceTo(Nodes[other].Own).TotalMilliseconds - TrueMs(one, other)) / TrueMs(one, other));
                }
            }

            return misses.Order().ElementAt(misses.Count / 2);
        }

        private double TrueMs(int one, int other) => _doorMs[one] + _doorMs[other] + (one % 2 == other % 2 ? 0 : 80);

        private static IEnumerable<double> DoorsOf(Prng prng, int nodes) => Enumerable.Range(0, nodes).Select(_ => 0.5 + prng.Next(2000) / 1000.0);
    }
}
