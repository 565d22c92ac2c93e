using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>New owners among kernels on virtual time, while nobody tells them what they lack.</summary>
public sealed class BootstrappingTests
{
    [Fact]
    public void A_new_owner_that_nobody_has_told_yet_says_neither_yes_nor_no()
    {
        var cluster = Joined(out var known, out _);
        // Everything comes but the cells: what differs is named again and again.
        cluster.IsLost = static (_, to, message) => message is RepairCells && to == new NodeId(4);
        cluster.RunFor(1_500);
        Assert.True(cluster.Replicas[new NodeId(4)].IsReady);
        foreach (var command in (Command[])[new GetCommand("default", known.Id, TimeSpan.Zero), new CancelCommand("default", known.Id), known])
            Assert.Equal(("NOT_YET_HERE", RefusalReason.Unavailable), CodeOf(cluster.AskOwner(4, command)));
        Assert.Equal(0, cluster.Replicas[new NodeId(4)].WorkflowCount);
    }

    [Fact]
    public void Others_are_answered_by_the_owners_that_know()
    {
        var cluster = Joined(out var known, out var unknown);
        for (var node = 1; node <= 4; node++) Assert.IsType<Shown>(cluster.Ask(node, new GetCommand("default", known.Id, TimeSpan.Zero), 400));
        Assert.IsType<Submitted>(cluster.Ask(4, unknown, 900));
    }

    [Fact]
    public void Buckets_whose_owners_did_not_change_are_planned_meanwhile()
    {
        var cluster = Joined(out _, out _);
        var map = cluster.Replicas[new NodeId(1)].Placement!.Map;
        var mine = Keys("other-").First(submit => !map.IsHomeOwner(Buckets.BucketOf(submit.Id.Place), new NodeId(4)));
        cluster.Ask(1, mine, 400);
        Assert.Equal(WorkflowState.Succeeded, Assert.IsType<Shown>(cluster.Ask(1, new GetCommand("default", mine.Id, TimeSpan.FromSeconds(5)), 500)).View.State);
        Assert.True(cluster.Replicas[new NodeId(4)].BootstrappingCount > 0);
    }

    [Fact]
    public void Who_gets_no_answer_at_all_goes_on_alone_after_a_second()
    {
        var cluster = Joined(out _, out var unknown);
        cluster.RunFor(1_300);
        var joined = cluster.Replicas[new NodeId(4)];
        Assert.Equal((true, 0), (joined.IsReady, joined.BootstrappingCount));
        Assert.IsType<Submitted>(cluster.AskOwner(4, unknown));
    }

    [Fact]
    public void One_that_goes_on_answering_is_waited_for()
    {
        var cluster = Joined(out var known, out _);
        var joined = cluster.Replicas[new NodeId(4)];
        var bucket = Buckets.BucketOf(known.Id.Place);
        cluster.IsLost = static (_, to, message) => message is RepairCells && to == new NodeId(4);
        cluster.RunFor(5_000);
        Assert.True(joined.IsBootstrapping(bucket));
        cluster.IsLost = static (_, _, _) => false;
        cluster.RunFor(1_500);
        Assert.Equal((false, 0), (joined.IsBootstrapping(bucket), joined.BootstrappingCount));
        Assert.NotNull(joined.Find(known.Id)?.Submission);
    }

    [Fact]
    public void A_former_owner_that_has_not_heard_of_the_new_ring_tells_all_the_same()
    {
        var cluster = new KernelCluster(4, absent: 1);
        var known = MineAfter(4, "known-");
        cluster.Ask(1, known);
        cluster.RunFor(2_000);
        cluster.Join(4, toldTo: [4]);
        cluster.RunFor(500);
        Assert.NotNull(cluster.Replicas[new NodeId(4)].Find(known.Id)?.Submission);
    }

    [Fact]
    public void What_a_former_owner_takes_before_it_hears_of_the_new_ring_is_waited_for()
    {
        var cluster = new KernelCluster(4, absent: 1);
        var late = MineAfter(4, "late-");
        cluster.Join(4, toldTo: [4]);
        cluster.RunFor(500);
        Assert.NotEqual(0, cluster.Replicas[new NodeId(4)].BootstrappingCount);
        cluster.Ask(1, late);
        Assert.Null(cluster.Replicas[new NodeId(4)].Find(late.Id)?.Submission);
        cluster.Join(4);
        cluster.RunFor(300);
        Assert.NotNull(cluster.Replicas[new NodeId(4)].Find(late.Id)?.Submission);
        Assert.Equal(0, cluster.Replicas[new NodeId(4)].BootstrappingCount);
    }

    [Fact]
    public void Members_that_stay_on_another_ring_are_not_waited_for_for_ever()
    {
        var cluster = new KernelCluster(4, absent: 1);
        cluster.Join(4, toldTo: [4]);
        cluster.RunFor(2_900);
        Assert.NotEqual(0, cluster.Replicas[new NodeId(4)].BootstrappingCount);
        cluster.RunFor(500);
        Assert.Equal(0, cluster.Replicas[new NodeId(4)].BootstrappingCount);
    }

    [Fact]
    public void The_system_bucket_may_arrive_before_all_that_is_waited_for()
    {
        var cluster = new KernelCluster(5, absent: 1);
        var known = MineAfter(5, "known-");
        cluster.Ask(1, known);
        cluster.Kill(4);
        Assert.IsType<MemberRemoved>(cluster.Ask(1, new RemoveMemberCommand(new NodeId(4), false)));
        cluster.RunFor(2_000);
        cluster.IsLost = static (from, to, _) => from == new NodeId(2) && to == new NodeId(5);
        cluster.Join(5);
        var (joined, removals) = (cluster.Replicas[new NodeId(5)], cluster.Replicas[new NodeId(1)].DigestOf(Buckets.System));
        for (var turn = 0; turn < 1_000 && joined.DigestOf(Buckets.System) != removals; turn++) cluster.RunFor(1);
        Assert.Equal(removals, joined.DigestOf(Buckets.System));
        Assert.True(joined.IsBootstrapping(Buckets.BucketOf(known.Id.Place)));
    }

    // Node 4 joins three others and gets no word of repair from them.
    private static KernelCluster Joined(out SubmitCommand known, out SubmitCommand unknown)
    {
        var cluster = new KernelCluster(4, absent: 1);
        known = MineAfter(4, "known-");
        unknown = MineAfter(4, "unknown-");
        Assert.IsType<Submitted>(cluster.Ask(1, known));
        cluster.RunFor(2_000);
        cluster.IsLost = static (_, to, message) => to == new NodeId(4) && message is RepairDigests or RepairCells or RepairOpen;
        cluster.Join(4);
        cluster.RunFor(20);
        return cluster;
    }

    // One whose bucket the last of so many nodes owns as the first: it is asked before the others.
    private static SubmitCommand MineAfter(int nodes, string prefix)
    {
        var map = BucketMap.Build(7, Enumerable.Range(1, nodes).Select(static node => new RingMember(new NodeId((ulong)node), "")), 3);
        return Keys(prefix).First(submit => map.HomeOwners(Buckets.BucketOf(submit.Id.Place)).IndexOf(new NodeId((ulong)nodes)) == 0);
    }

    private static IEnumerable<SubmitCommand> Keys(string prefix) =>
        Enumerable.Range(0, 1_000).Select(i => KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":1}}]}""", $"{prefix}{i}"));

    private static (string Code, RefusalReason Reason) CodeOf(Reply reply)
    {
        var refused = Assert.IsType<Refused>(reply);
        return (refused.Code, refused.Reason);
    }
}
