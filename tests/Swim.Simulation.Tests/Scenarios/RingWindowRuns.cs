using Xunit;

namespace Swim.Simulation.Tests.Scenarios;

public sealed class RingWindowRuns
{
    private const int Before = 5;
    private const int After = 13;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Eight_nodes_that_join_within_a_second_make_few_rings(ulong seed)
    {
        var cluster = new Simulator(seed, After);
        for (var node = 0; node < Before; node++) cluster.StartNode(node, TimeSpan.Zero);
        Assert.True(cluster.RunUntil(() => HaveOneRingOf(cluster, Before), TimeSpan.FromSeconds(30)));
        var rounds = RoundsOf(cluster);
        for (var node = Before; node < After; node++) cluster.StartNode(node, TimeSpan.FromMilliseconds(1_000 * (node - Before) / (After - Before)));
        Assert.True(cluster.RunUntil(() => HaveOneRingOf(cluster, After), TimeSpan.FromSeconds(30)));
        Assert.All(RoundsOf(cluster).Take(Before).Zip(rounds), static pair => Assert.InRange(pair.First - pair.Second, 1, 3));
    }

    private static bool HaveOneRingOf(Simulator cluster, int nodes) =>
        cluster.UpNodes.Count() == nodes && cluster.UpNodes.All(node => node.Replica?.Placement?.Map.Members.Length == nodes);

    private static List<int> RoundsOf(Simulator cluster) => [.. cluster.UpNodes.Select(static node => node.Replica!.Keeper.Rounds)];
}
