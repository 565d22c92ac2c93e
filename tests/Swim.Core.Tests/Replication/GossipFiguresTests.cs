using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>How far, how fast and at what price a rumour spreads; the same bounds as <c>bench.sh gossip</c>, over fewer seeds.</summary>
public class GossipFiguresTests
{
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_rumour_reaches_99_of_100_nodes_in_six_rounds_with_900_messages(int seed)
    {
        var cluster = GossipRuns.Hundred((ulong)seed);

        Assert.True(cluster.Reached[98] <= 6 * _round, $"the 99th of 100 nodes after {cluster.Reached[98].TotalMilliseconds} ms; seed {seed}");
        Assert.InRange(cluster.RumourMessages, 99, 900);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_rumour_reaches_all_of_25_nodes_over_links_of_100_ms_in_505_ms(int seed)
    {
        var cluster = GossipRuns.FarApart((ulong)seed);

        Assert.Equal(25, cluster.Reached.Count);
        Assert.True(cluster.Reached[^1] <= TimeSpan.FromMilliseconds(505), $"the last node after {cluster.Reached[^1].TotalMilliseconds} ms; seed {seed}");
    }

    [Fact]
    public void All_hold_the_same_once_a_rumour_has_spread()
    {
        var cluster = GossipRuns.Hundred(6);
        cluster.RunFor(TimeSpan.FromSeconds(20));

        Assert.Equal(100, cluster.Reached.Count);
        Assert.Single(Enumerable.Range(0, 100).Select(node => cluster[node].DigestOf(Buckets.System)).Distinct());
    }
}
