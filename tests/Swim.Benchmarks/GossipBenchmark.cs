using Swim.Core.Tests.Replication;

namespace Swim.Benchmarks;

/// <summary>
/// How fast one write of the system bucket reaches everybody and how many messages that takes: the state cores as they run in a node,
/// on virtual time, so the figures do not depend on the machine. A node is reached when the write is on its disk.
/// </summary>
public static class GossipBenchmark
{
    private const int Seeds = 200;
    private const double RoundMs = 3;
    private const double NeverMs = 1e9;

    /// <summary>Every measure, over all seeds.</summary>
    public static IReadOnlyList<Measure> Run()
    {
        var near = Enumerable.Range(1, Seeds).Select(static seed => Look(GossipRuns.Hundred((ulong)seed), 99)).ToList();
        var far = Enumerable.Range(1, Seeds).Select(static seed => Look(GossipRuns.FarApart((ulong)seed), 25)).ToList();
        return
        [
            Lower("gossip/n100/rounds_to_99_percent/p99", Percentile(near, 99, static run => run.Ms / RoundMs), "rounds", 6),
            Lower("gossip/n100/rounds_to_99_percent/max", near.Max(static run => run.Ms / RoundMs), "rounds", null),
            Lower("gossip/n100/rumour_messages/max", near.Max(static run => run.Rumours), "1", 900),
            Lower("gossip/n100/context_sync_messages/max", near.Max(static run => run.Syncs), "1", null),
            Lower("gossip/n25_100ms/all_ms/max", far.Max(static run => run.Ms), "ms", 505),
            Lower("gossip/n25_100ms/all_ms/p50", Percentile(far, 50, static run => run.Ms), "ms", null),
            Lower("gossip/n25_100ms/rumour_messages/max", far.Max(static run => run.Rumours), "1", null),
        ];
    }

    // A run in which fewer were reached counts as one that took for ever.
    private static (double Ms, int Rumours, int Syncs) Look(GossipCluster cluster, int nodes) =>
        (cluster.Reached.Count < nodes ? NeverMs : cluster.Reached[nodes - 1].TotalMilliseconds, cluster.RumourMessages, cluster.SyncMessages);

    private static double Percentile(List<(double Ms, int Rumours, int Syncs)> runs, int percent, Func<(double Ms, int Rumours, int Syncs), double> select) =>
        runs.Select(select).Order().ElementAt((int)Math.Ceiling(runs.Count * percent / 100.0) - 1);

    private static Measure Lower(string id, double value, string unit, double? target) => new(id, value, unit, Better.Lower, target);
}
