using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Workflows are forgotten at the end of their retention, and only where nobody can bring them back.</summary>
public sealed class ForgettingTests
{
    private const string Short = """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""";
    private const string Other = """{"tasks":[{"id":"b","tool":"builtin:echo","arguments":{"value":2}}]}""";
    private const string Slow = """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":200000}}]}""";
    private const string Long = """{"retention":"5m","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""";

    private static readonly ForgettingOptions _quick = new() { Retention = TimeSpan.FromSeconds(60), Grace = TimeSpan.FromSeconds(20), HintTtl = TimeSpan.FromSeconds(5) };

    [Fact]
    public void What_ended_is_shown_until_its_retention_is_over_and_then_said_to_be_collected()
    {
        var cluster = new KernelCluster(4, forgetting: _quick);
        var id = Submit(cluster, Short);
        cluster.RunFor(55_000);
        for (var node = 1; node <= 4; node++) Assert.IsType<Shown>(Get(cluster, node, id));
        Assert.True(RunUntil(cluster, () => cluster.Replicas.Values.Sum(static replica => replica.TombstoneCount) == 3, 40_000));
        for (var node = 1; node <= 4; node++) Assert.Equal("COLLECTED", Assert.IsType<Refused>(Get(cluster, node, id)).Code);
        Assert.All(cluster.Replicas.Values, static replica => Assert.Equal(0, replica.CellCount));
        Assert.Equal(1, cluster.Replicas.Values.Sum(static replica => replica.CollectedCount));
    }

    [Fact]
    public void A_tombstone_goes_once_everybody_has_it_and_grace_is_over()
    {
        var cluster = new KernelCluster(4, forgetting: _quick);
        var id = Submit(cluster, Short);
        Assert.True(RunUntil(cluster, () => cluster.Replicas.Values.Sum(static replica => replica.TombstoneCount) == 3, 100_000));
        cluster.RunFor(15_000);
        Assert.Equal(3, cluster.Replicas.Values.Sum(static replica => replica.TombstoneCount));
        cluster.RunFor(30_000);
        Assert.Equal(0, cluster.Replicas.Values.Sum(static replica => replica.TombstoneCount));
        Assert.Equal("NOT_FOUND", Assert.IsType<Refused>(Get(cluster, 1, id)).Code);
    }

    [Fact]
    public void A_key_stays_taken_while_its_tombstone_lives()
    {
        var cluster = new KernelCluster(4, forgetting: _quick);
        var id = Submit(cluster, Short);
        Assert.True(RunUntil(cluster, () => cluster.Replicas.Values.Sum(static replica => replica.TombstoneCount) == 3, 100_000));
        var again = Assert.IsType<Submitted>(cluster.Ask(2, KernelCluster.Submission(Short)));
        Assert.Equal((id, true), (again.Id, again.Existing));
        Assert.Equal("KEY_TAKEN", Assert.IsType<Refused>(cluster.Ask(3, KernelCluster.Submission(Other))).Code);
        cluster.RunFor(50_000);
        Assert.False(Assert.IsType<Submitted>(cluster.Ask(3, KernelCluster.Submission(Other))).Existing);
    }

    [Fact]
    public void What_runs_is_never_collected_and_a_document_may_ask_for_longer()
    {
        var cluster = new KernelCluster(4, forgetting: _quick);
        var (slow, kept) = (Submit(cluster, Slow, "slow"), Submit(cluster, Long, "long"));
        cluster.RunFor(150_000);
        Assert.Equal(WorkflowState.Running, Assert.IsType<Shown>(Get(cluster, 1, slow)).View.State);
        cluster.RunFor(100_000);
        Assert.Equal(WorkflowState.Succeeded, Assert.IsType<Shown>(Get(cluster, 1, slow)).View.State);
        Assert.Equal(WorkflowState.Succeeded, Assert.IsType<Shown>(Get(cluster, 1, kept)).View.State);
        cluster.RunFor(80_000);
        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(Get(cluster, 1, kept)).Reason);
    }

    [Fact]
    public void While_a_member_is_down_nothing_is_forgotten_and_an_alarm_says_so()
    {
        var cluster = new KernelCluster(4, forgetting: _quick);
        var id = Submit(cluster, Short);
        cluster.RunFor(2_000);
        cluster.Kill(4);
        cluster.RunFor(200_000);
        Assert.IsType<Shown>(Get(cluster, 1, id));
        Assert.All([1, 2, 3], node => Assert.True(cluster.Replicas[new NodeId((ulong)node)].FloorLag > TimeSpan.FromSeconds(150)));
        Assert.Equal(3, cluster.Notices.OfType<FloorLagging>().Count());
    }

    [Fact]
    public void What_a_split_kept_alone_on_one_side_outlives_any_length_of_it()
    {
        var cluster = new KernelCluster(4, forgetting: _quick);
        cluster.RunFor(2_000);
        cluster.Cut(4);
        var id = Submit(cluster, Slow, node: 4);
        cluster.RunFor(240_000);
        cluster.Heal();
        cluster.RunFor(10_000);
        for (var node = 1; node <= 4; node++) Assert.Equal(WorkflowState.Succeeded, Assert.IsType<Shown>(Get(cluster, node, id)).View.State);
        cluster.RunFor(60_000);
        Assert.IsType<Refused>(Get(cluster, 1, id));
        Assert.Equal(0, cluster.Replicas.Values.Sum(static replica => replica.BelowFloorCount + replica.SetAsideCount));
    }

    private static WorkflowId Submit(KernelCluster cluster, string json, string key = "k", int node = 1) =>
        Assert.IsType<Submitted>(cluster.Ask(node, KernelCluster.Submission(json, key))).Id;

    private static bool RunUntil(KernelCluster cluster, Func<bool> isDone, int withinMs)
    {
        for (; withinMs > 0 && !isDone(); withinMs -= 500) cluster.RunFor(500);
        return isDone();
    }

    private static Reply Get(KernelCluster cluster, int node, WorkflowId id) => cluster.Ask(node, new GetCommand("default", id, TimeSpan.Zero));
}
