namespace Swim.Core.Tests.Replication;

/// <summary>The two runs that gossip is measured by.</summary>
internal static class GossipRuns
{
    private static readonly (TimeSpan, TimeSpan) _sync = (TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(0.5));

    /// <summary>100 nodes with links well below a round of 3 ms, watched until nobody passes the rumour on any more.</summary>
    public static GossipCluster Hundred(ulong seed) => Run(100, seed, (TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(1)), TimeSpan.FromMilliseconds(100));

    /// <summary>25 nodes with links of 100 ms each way.</summary>
    public static GossipCluster FarApart(ulong seed) => Run(25, seed, (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100)), TimeSpan.FromSeconds(2));

    private static GossipCluster Run(int nodes, ulong seed, (TimeSpan, TimeSpan) link, TimeSpan watched)
    {
        var cluster = new GossipCluster(nodes, seed, link, _sync);
        cluster.Write();
        cluster.RunFor(watched);
        return cluster;
    }
}
