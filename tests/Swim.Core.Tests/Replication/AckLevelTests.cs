using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What an owner says of how durable something is while it is cut off, new, or was told by others.</summary>
public sealed class AckLevelTests
{
    private const string OneTask = """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":60000}}]}""";

    [Fact]
    public void A_cluster_of_one_acks_K_with_its_one_disk() =>
        Assert.True(Assert.IsType<Submitted>(new KernelCluster(1).Ask(1, KernelCluster.Submission(OneTask))).Acked >= AckLevel.K);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_node_that_takes_all_others_for_dead_does_not_say_that_two_have_it(int others)
    {
        var cluster = new KernelCluster(1 + others);
        cluster.RunFor(2_000);
        cluster.Cut(1);
        var submit = KernelCluster.Submission(OneTask);
        Assert.Equal(AckLevel.Local, Assert.IsType<Submitted>(cluster.Ask(1, submit)).Acked);
        cluster.Heal();
        cluster.RunFor(5_000);
        Assert.True(Assert.IsType<Submitted>(cluster.Ask(1, submit)).Acked >= AckLevel.K);
    }

    [Fact]
    public void Who_has_an_owners_writes_but_not_what_others_wrote_does_not_count()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission(OneTask);
        var owners = BucketMap.Build(7, Enumerable.Range(1, 3).Select(static node => new RingMember(new NodeId((ulong)node), "")), 3).HomeOwners(Buckets.BucketOf(submit.Id.Place)).ToArray();
        // The third owner hears the others' new writes only: nothing of the first, and nothing by repair.
        cluster.IsLost = (from, to, message) => to == owners[2] && (from == owners[0] || PeerBatch.PartsOf(message).Any(static part => part is RepairCells));
        Assert.Equal(AckLevel.K, Assert.IsType<Submitted>(cluster.Ask((int)owners[1].Value, submit)).Acked);
        cluster.Kill((int)owners[0].Value);
        // Its executor among them or not, the second owner plans now, and says so to the third.
        cluster.Ask((int)owners[1].Value, new CancelCommand("default", submit.Id));
        cluster.RunFor(500);
        Assert.Equal(AckLevel.Local, Assert.IsType<Submitted>(cluster.AskOwner((int)owners[1].Value, submit)).Acked);
        cluster.IsLost = static (_, _, _) => false;
        cluster.RunFor(5_000);
        Assert.Equal(AckLevel.K, Assert.IsType<Submitted>(cluster.AskOwner((int)owners[1].Value, submit)).Acked);
    }

    [Fact]
    public void A_newcomer_that_has_heard_of_nobody_answers_nobody()
    {
        var cluster = new KernelCluster(4, absent: 1);
        cluster.RunFor(2_000);
        cluster.JoinUnaware(4);
        var submit = KernelCluster.Submission(OneTask);
        foreach (var command in (Command[])[submit, new GetCommand("default", submit.Id, TimeSpan.Zero)])
            Assert.Equal("NOT_YET_HERE", Assert.IsType<Refused>(cluster.AskOwner(4, command)).Code);
        Assert.Equal(0, cluster.Replicas[new NodeId(4)].WorkflowCount);
    }
}
