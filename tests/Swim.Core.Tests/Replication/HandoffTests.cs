using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Buckets change hands between kernels on virtual time.</summary>
public sealed class HandoffTests
{
    private const int Workflows = 24;
    private readonly List<SubmitCommand> _submitted = [];

    [Fact]
    public void After_a_join_only_home_owners_hold_what_was_there_and_all_of_them_do()
    {
        var cluster = new KernelCluster(6, absent: 2);
        Load(cluster);
        cluster.Join(5);
        cluster.RunFor(100);
        cluster.Join(6);
        cluster.RunFor(5_000);
        AssertOnlyHomeOwnersHoldAll(cluster, [1, 2, 3, 4, 5, 6]);
        Assert.Contains(cluster.Replicas.Values, static replica => replica.Handoff.Dropped > 0);
    }

    [Fact]
    public void A_node_that_leaves_keeps_what_a_home_owner_has_not_got_until_that_is_back()
    {
        var cluster = new KernelCluster(4);
        Load(cluster);
        cluster.Kill(1);
        cluster.SetLeaving(4, true);
        cluster.RunFor(5_000);
        var left = cluster.Replicas[new NodeId(4)];
        Assert.True(left.Handoff.Left > 0);
        Assert.Equal([new NodeId(1)], left.Handoff.Waiting.Keys);
        Assert.Equal(left.Handoff.Left, left.HandoffMissing[new NodeId(1)]);
        Assert.Contains(cluster.Notices.OfType<HandoffWaits>(), waits => waits.For == new NodeId(1) && waits.Buckets > 0);
        cluster.Revive(1);
        cluster.RunFor(5_000);
        Assert.Equal((0, 0L), (left.Handoff.Left, left.CellCount));
        AssertOnlyHomeOwnersHoldAll(cluster, [1, 2, 3]);
    }

    [Fact]
    public void Nothing_is_dropped_before_every_home_owner_said_that_it_has_it()
    {
        var cluster = new KernelCluster(4);
        Load(cluster);
        cluster.IsLost = static (from, _, message) => message is HandoffAnswer && from == new NodeId(2);
        cluster.SetLeaving(4, true);
        cluster.RunFor(5_000);
        Assert.All(_submitted, submit => Assert.NotNull(cluster.Replicas[new NodeId(2)].Find(submit.Id)));
        Assert.True(cluster.Replicas[new NodeId(4)].Handoff.Left > 0);
        cluster.IsLost = static (_, _, _) => false;
        cluster.RunFor(3_000);
        Assert.Equal(0, cluster.Replicas[new NodeId(4)].CellCount);
    }

    [Fact]
    public void Where_nobody_is_left_on_the_ring_nothing_is_dropped()
    {
        var cluster = new KernelCluster(2);
        Load(cluster);
        cluster.SetLeaving(1, true);
        cluster.SetLeaving(2, true);
        var cells = cluster.Replicas.Values.Select(static replica => replica.CellCount).ToList();
        cluster.RunFor(5_000);
        Assert.Equal(cells, cluster.Replicas.Values.Select(static replica => replica.CellCount));
        cluster.SetLeaving(2, false);
        cluster.RunFor(5_000);
        Assert.Equal([0, cells[1]], cluster.Replicas.Values.Select(static replica => replica.CellCount));
        AssertOnlyHomeOwnersHoldAll(cluster, [2]);
    }

    [Fact]
    public void Stand_ins_hand_back_and_keep_the_count_of_their_writes()
    {
        var cluster = new KernelCluster(5);
        Load(cluster);
        for (var round = 0; round < 3; round++)
        {
            foreach (var node in (int[])[1, 2]) cluster.Kill(node);
            Load(cluster, $"round-{round}-");
            foreach (var node in (int[])[1, 2]) cluster.Revive(node);
            cluster.RunFor(6_000);
            AssertOnlyHomeOwnersHoldAll(cluster, [1, 2, 3, 4, 5]);
        }

        AssertDotsAreOfOneWriteEach(cluster);
    }

    [Fact]
    public void A_drop_that_is_in_the_log_is_one_after_any_restart()
    {
        var cluster = new KernelCluster(4);
        Load(cluster);
        cluster.SetLeaving(4, true);
        cluster.RunFor(5_000);
        Assert.Empty(cluster.Recovered(4).Workflows);
        cluster.SetLeaving(4, false);
        cluster.RunFor(5_000);
        Assert.NotEmpty(cluster.Recovered(4).Workflows);
        Assert.Equal(cluster.Replicas[new NodeId(4)].Workflows, cluster.Recovered(4).Workflows);
        AssertOnlyHomeOwnersHoldAll(cluster, [1, 2, 3, 4]);
    }

    [Fact]
    public void Cells_that_come_to_a_node_that_does_not_own_them_are_taken_and_passed_on()
    {
        var cluster = new KernelCluster(6);
        cluster.RunFor(2_000);
        var map = cluster.Replicas[new NodeId(1)].Placement!.Map;
        var bucket = Enumerable.Range(0, Buckets.Count).First(bucket => !map.IsHomeOwner(bucket, new NodeId(1)));
        cluster.Give(9, 1, new PushCells([new DeltaFrame(bucket, 77, 1, 1, [RepairPair.CellOf(1, bucket)], null)]));
        cluster.RunFor(3_000);
        foreach (var (id, replica) in cluster.Replicas) Assert.Equal(map.IsHomeOwner(bucket, id), replica.DigestOf(bucket) != 0);
    }

    [Fact]
    public void Who_waits_for_an_end_at_an_owner_that_gives_the_workflow_away_hears_of_it_all_the_same()
    {
        var cluster = new KernelCluster(6, absent: 3);
        var submit = KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":4000}}]}""");
        cluster.Ask(1, submit);
        var wait = cluster.Begin(2, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(20)));
        for (var node = 4; node <= 6; node++) cluster.Join(node);
        cluster.RunUntil(() => cluster.AnswerTo(wait) is not null, 15_000);
        Assert.Equal(WorkflowState.Succeeded, Assert.IsType<Shown>(cluster.AnswerTo(wait)).View.State);
    }

    private static IEnumerable<SubmitCommand> Submissions(string prefix) => Enumerable.Range(0, Workflows).Select(
        i => KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":1}}]}""", $"{prefix}{i}"));

    private void Load(KernelCluster cluster, string prefix = "k-")
    {
        foreach (var submit in Submissions(prefix))
        {
            Assert.IsType<Submitted>(cluster.Ask(Math.Min(3, cluster.Replicas.Count), submit));
            _submitted.Add(submit);
        }

        cluster.RunFor(2_000);
    }

    private void AssertOnlyHomeOwnersHoldAll(KernelCluster cluster, int[] members)
    {
        var map = BucketMap.Build(7, members.Select(static member => new RingMember(new NodeId((ulong)member), "")), 3);
        foreach (var submit in _submitted)
        {
            var bucket = Buckets.BucketOf(submit.Id.Place);
            foreach (var (id, replica) in cluster.Replicas) Assert.Equal(map.IsHomeOwner(bucket, id), replica.Find(submit.Id)?.Submission is not null);
            Assert.Single(map.HomeOwners(bucket).ToArray().Select(home => cluster.Replicas[home].DigestOf(bucket)).Distinct());
        }
    }

    private static void AssertDotsAreOfOneWriteEach(KernelCluster cluster)
    {
        var writes = new Dictionary<(int, Dot), ulong>();
        foreach (var bucket in cluster.Replicas.Values.SelectMany(static replica => replica.Held))
        {
            foreach (var cell in bucket.Cells)
            {
                if (!writes.TryAdd((bucket.Number, cell.Dot), cell.Digest)) Assert.Equal(cell.Digest, writes[(bucket.Number, cell.Dot)]);
            }
        }
    }
}
