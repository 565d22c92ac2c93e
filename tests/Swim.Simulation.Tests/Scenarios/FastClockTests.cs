using Swim.Simulation.Scenarios;
using Xunit;

namespace Swim.Simulation.Tests.Scenarios;

/// <summary>One node's wall clock is seconds ahead of all others from the start: it finds that out before it writes, and nothing is lost, late or refused.</summary>
public sealed class FastClockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_cluster_with_one_clock_three_seconds_ahead_keeps_every_promise(ulong seed)
    {
        Simulator? cluster = null;
        var (heldMax, off) = (0, new SortedSet<int>());
        var run = ScenarioRunner.Run(Scenario.Find("split")!, 6, seed, prepared =>
        {
            cluster = prepared;
            prepared.Nodes[0].ClockAhead = TimeSpan.FromSeconds(3);
            prepared.Watchers.Add(new Watching(looked =>
            {
                heldMax = Math.Max(heldMax, looked.Nodes.Max(static node => node.Replica?.HeldFrameCount ?? 0));
                off.UnionWith(looked.UpNodes.Where(static node => node.Replica!.ClockOffByMs != 0).Select(static node => node.Index));
            }));
        });
        Assert.True(run.IsOk, string.Join('\n', run.Checks.Where(static check => check.Value is not null).Select(static check => $"{check.Key}: {check.Value}")));
        Assert.Equal([0], off);
        Assert.Equal(0, heldMax);
        Assert.All(cluster!.Nodes, static node => Assert.Equal(0, node.Replica!.TooFarAheadCount));
    }
}
