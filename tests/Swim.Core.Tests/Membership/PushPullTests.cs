using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class PushPullTests
{
    [Fact]
    public void The_second_round_goes_to_the_one_that_answered_and_not_to_the_name_first_called()
    {
        var core = new MembershipCore(
            new MembershipSetup { Id = Samples.Id(1), Epoch = 1, ClusterId = 7, Meta = Samples.Meta(1), Seeds = ["seeds:1"], Known = [Samples.Alive(3)] },
            new SwimOptions(), new Prng(1));
        core.Start(new Now(0, 0), new Outbox());
        var answer = new PushPullCodec(7, 10).Encode(new PushPullHead(Samples.Id(2), 99, 1, 12345), Samples.Alive(2), []);
        var outbox = new Outbox();
        core.OnPushPullReply(new Now(1, 0), "seeds:1", answer, outbox);
        Assert.Equal(Samples.Meta(2).GrpcAddress, Assert.Single(outbox.Items.OfType<SendPushPull>()).Address);
    }

    // Or its next life would take itself for a member, and for the only one: it would serve alone.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_node_saves_the_members_once_it_has_joined_and_not_before(bool isAnswered)
    {
        var outbox = new Outbox();
        var core = new MembershipCore(new MembershipSetup { Id = Samples.Id(1), Epoch = 1, ClusterId = 7, Meta = Samples.Meta(1), Seeds = ["seeds:1"] }, new SwimOptions(), new Prng(1));
        core.Start(new Now(0, 0), outbox);
        var answer = new PushPullCodec(7, 10).Encode(new PushPullHead(Samples.Id(2), 99, 1, core.Members.Fingerprint), Samples.Alive(2), []);
        if (isAnswered) core.OnPushPullReply(new Now(1, 0), "seeds:1", answer, outbox);
        foreach (var timer in outbox.Items.OfType<SetTimer>().Where(static timer => timer.Timer.Kind == (int)MembershipTimer.Persist).ToList())
            core.OnTimer(new Now(timer.DueTicks, 0), timer.Timer, outbox);
        Assert.Equal(isAnswered ? [2] : [], outbox.Items.OfType<PersistKnown>().Select(static known => known.Snapshot.Members.Count));
        core.Stop(new Now(TimeSpan.FromMinutes(1).Ticks, 0), outbox);
        Assert.Equal(isAnswered ? 2 : 0, outbox.Items.OfType<PersistKnown>().Count());
    }

    [Fact]
    public void Another_process_with_the_own_id_is_told_of()
    {
        var node = new OneNode(2);
        node.Do((now, outbox) => node.Core.OnPushPullRequest(
            now, new PushPullCodec(7, 10).Encode(new PushPullHead(Samples.Id(1), 99, 1, 0), Samples.Alive(1) with { Meta = Samples.Meta(8) }, []), 1, outbox));
        Assert.Equal(new IdentityConflict(Samples.Id(1), "h1:1", "h8:1"), Assert.Single(node.Outputs.OfType<IdentityConflict>()));
    }

    [Fact]
    public void A_seed_that_is_oneself_is_nobody_to_join_and_nothing_to_complain_of()
    {
        var cluster = new VirtualCluster(1);
        cluster.Start(0, seeds: VirtualCluster.AddressOf(0));
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((false, 0L), (cluster.Nodes[0].Core.IsReady, cluster.Nodes[0].Core.Rejects.Total));
        Assert.Empty(cluster.Nodes[0].Notices);
    }
}
