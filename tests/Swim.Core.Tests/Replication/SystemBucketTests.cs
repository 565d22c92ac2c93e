using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>The bucket that every member holds and only its home owners write, with the removed members as its first content.</summary>
public class SystemBucketTests
{
    private static readonly NodeId _gone = new(7);

    [Fact]
    public void A_removal_is_held_by_every_member_and_told_to_its_membership()
    {
        var cluster = new KernelCluster(7);
        cluster.Kill(7);

        var reply = Assert.IsType<MemberRemoved>(cluster.Ask(2, new RemoveMemberCommand(_gone, false)));
        cluster.RunFor(100);

        Assert.True(reply.Acked >= AckLevel.K);
        Assert.Equal((_gone, 1UL, false, 6, 7), (reply.Node, reply.Epoch, reply.Existing, reply.Reachable, reply.Members));
        for (ulong node = 1; node <= 6; node++) Assert.Equal([_gone], cluster.Removed[new NodeId(node)].Select(static removal => removal.Node));
        Assert.Single(cluster.Replicas.Where(static core => core.Key != _gone).Select(static core => core.Value.DigestOf(Buckets.System)).Distinct());
    }

    [Fact]
    public void Only_a_home_owner_writes_it()
    {
        var cluster = new KernelCluster(7);
        cluster.Kill(7);
        for (var asked = 1; asked <= 6; asked++) cluster.Ask(asked, new RemoveMemberCommand(_gone, false));
        cluster.RunFor(100);

        var (_, core) = cluster.Replicas.First();
        var writer = core.Held.Single(static bucket => bucket.Number == Buckets.System).Cells.Single().Node;
        Assert.Contains(writer, core.Placement!.Map.HomeOwners(Buckets.System).ToArray());
    }

    [Fact]
    public void A_live_member_is_not_removed_and_the_refusal_names_the_way_to_take_it_out()
    {
        var cluster = new KernelCluster(3);

        var refusal = Assert.IsType<Refused>(cluster.Ask(1, new RemoveMemberCommand(new NodeId(2), true)));

        Assert.Equal((RefusalReason.FailedPrecondition, "MEMBER_NOT_DEAD"), (refusal.Reason, refusal.Code));
        Assert.Contains("swim leave", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stranger_is_not_found()
    {
        var cluster = new KernelCluster(3);

        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(cluster.Ask(1, new RemoveMemberCommand(new NodeId(99), false))).Reason);
    }

    [Fact]
    public void Without_most_members_a_removal_takes_force()
    {
        var cluster = new KernelCluster(5);
        for (var node = 3; node <= 5; node++) cluster.Kill(node);

        var refusal = Assert.IsType<Refused>(cluster.Ask(1, new RemoveMemberCommand(new NodeId(4), false)));
        Assert.Equal((RefusalReason.FailedPrecondition, "NO_MAJORITY"), (refusal.Reason, refusal.Code));

        var removed = Assert.IsType<MemberRemoved>(cluster.Ask(1, new RemoveMemberCommand(new NodeId(4), true)));
        Assert.Equal((2, 5), (removed.Reachable, removed.Members));
    }

    [Fact]
    public void A_second_removal_changes_nothing_and_says_so()
    {
        var cluster = new KernelCluster(5);
        cluster.Kill(5);
        cluster.Ask(1, new RemoveMemberCommand(new NodeId(5), false));
        cluster.RunFor(100);
        var digest = cluster.Replicas[new NodeId(3)].DigestOf(Buckets.System);

        var again = Assert.IsType<MemberRemoved>(cluster.Ask(3, new RemoveMemberCommand(new NodeId(5), false)));
        cluster.RunFor(100);

        Assert.True(again.Existing);
        Assert.Equal(digest, cluster.Replicas[new NodeId(3)].DigestOf(Buckets.System));
    }

    [Fact]
    public void Who_was_cut_off_learns_of_a_removal_by_repair()
    {
        var cluster = new KernelCluster(7);
        cluster.Kill(7);
        cluster.Cut(1, 2);
        cluster.Ask(3, new RemoveMemberCommand(_gone, false));
        cluster.RunFor(500);
        Assert.Equal(0u, cluster.Replicas[new NodeId(1)].DigestOf(Buckets.System));

        cluster.Heal();
        cluster.RunFor(3_000);

        Assert.Equal([_gone], cluster.Removed[new NodeId(1)].Select(static removal => removal.Node));
        Assert.Equal([_gone], cluster.Removed[new NodeId(2)].Select(static removal => removal.Node));
    }

    [Fact]
    public void With_all_members_as_owners_a_workflow_reaches_every_disk_and_the_ack_says_so()
    {
        var cluster = new KernelCluster(9, replicas: ReplicaSettings.AllMembers);
        var submission = KernelCluster.Submission("""{"name":"w","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":2}}]}""", ack: AckLevel.All);

        var reply = Assert.IsType<Submitted>(cluster.Ask(4, submission));
        cluster.RunFor(3_000);

        Assert.Equal(AckLevel.All, reply.Acked);
        var digests = cluster.Replicas.Values.Select(core => core.DigestOf(Buckets.BucketOf(submission.Id.Place))).Distinct().ToList();
        Assert.NotEqual(0u, Assert.Single(digests));
    }

    [Fact]
    public void A_removal_survives_a_start_from_the_log()
    {
        var cluster = new KernelCluster(4);
        cluster.Kill(4);
        cluster.Ask(1, new RemoveMemberCommand(new NodeId(4), false));
        cluster.RunFor(100);

        Assert.Equal([new NodeId(4)], cluster.RecoverAnew(1).Select(static removal => removal.Node));
    }
}
