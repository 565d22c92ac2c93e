using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>Whole clusters on virtual time; a failure replays by its seed.</summary>
public sealed class ClusterScenarios
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Thirty_nodes_form_a_full_view(ulong seed)
    {
        var cluster = new VirtualCluster(seed) { Loss = 10 };
        cluster.StartMany(30);
        Assert.True(cluster.RunUntil(() => SeesAll(cluster, 30), Minute));
        Assert.Single(cluster.Nodes.Values.Select(static node => node.Core.Members.Fingerprint).Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_crash_is_found_by_all_and_only_it(ulong seed)
    {
        var cluster = Formed(seed, 30);
        cluster.Crash(17);
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(static node => node.StateOf(17) == MemberState.Dead), Minute));
        var died = cluster.Nodes.Values.SelectMany(static node => node.Notices).OfType<MemberDied>().Select(static died => died.Id).Distinct();
        Assert.Equal(VirtualCluster.IdOf(17), Assert.Single(died));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_paused_observer_buries_nobody_and_is_alive_again_everywhere(ulong seed)
    {
        var cluster = Formed(seed, 8);
        var observer = cluster.Nodes[3];
        observer.IsPaused = true;
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(MemberState.Dead, cluster.Nodes[0].StateOf(3));
        cluster.Resume(observer);
        Assert.True(cluster.RunUntil(() => SeesAll(cluster, 8), Minute));
        Assert.Contains(observer.Notices, static notice => notice is LoopWasLate);
        Assert.DoesNotContain(observer.Notices, static notice => notice is MemberDied);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_node_frozen_for_30_s_declares_nobody_dead_and_is_alive_everywhere_two_periods_after_it_wakes(ulong seed)
    {
        var cluster = Formed(seed, 20);
        var frozen = cluster.Nodes[3];
        frozen.IsPaused = true;
        cluster.Run(TimeSpan.FromSeconds(30));
        cluster.Resume(frozen);
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(static node => node.StateOf(3) == MemberState.Alive), 2 * new SwimOptions().ProtocolPeriod));
        cluster.Run(Minute);
        Assert.DoesNotContain(frozen.Notices, static notice => notice is MemberDied);
        Assert.True(SeesAll(cluster, 20));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Three_that_crash_at_once_are_found_by_all_and_only_they(ulong seed)
    {
        var cluster = Formed(seed, 30);
        int[] crashed = [4, 5, 6];
        foreach (var number in crashed) cluster.Crash(number);
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(node => crashed.All(number => node.StateOf(number) == MemberState.Dead)), Minute));
        var died = cluster.Nodes.Values.SelectMany(static node => node.Notices).OfType<MemberDied>().Select(static died => died.Id).Distinct().Order();
        Assert.Equal(crashed.Select(VirtualCluster.IdOf), died);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void One_whose_packets_to_another_are_all_lost_is_no_longer_suspected_after_a_while(ulong seed)
    {
        var cluster = Formed(seed, 8);
        cluster.IsCut = static (from, to) => from == 1 && to == 2;
        cluster.Run(10 * Minute);
        foreach (var node in cluster.Nodes.Values) node.Notices.Clear();
        cluster.Run(10 * Minute);
        Assert.DoesNotContain(cluster.Nodes.Values.SelectMany(static node => node.Notices), static notice => notice is MemberSuspected or MemberDied);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_node_that_is_cut_off_alone_comes_to_say_that_all_others_are_dead_and_back(ulong seed)
    {
        var cluster = Formed(seed, 5);
        cluster.IsCut = static (from, to) => from == 1 != (to == 1);
        List<int> others = [0, 2, 3, 4];
        Assert.True(cluster.RunUntil(() => others.All(other => cluster.Nodes[1].StateOf(other) == MemberState.Dead), 3 * Minute));
        Assert.All(others, other => Assert.Equal(MemberState.Dead, cluster.Nodes[other].StateOf(1)));
        cluster.IsCut = static (_, _) => false;
        Assert.True(cluster.RunUntil(() => SeesAll(cluster, 5), Minute));
    }

    [Fact]
    public void A_node_started_again_replaces_its_old_self()
    {
        var cluster = Formed(1, 5);
        cluster.Crash(2);
        cluster.Start(2, epoch: 2, seeds: VirtualCluster.AddressOf(0));
        Assert.True(cluster.RunUntil(() => SeesAll(cluster, 5) && cluster.Nodes.Values.All(static node =>
            node.Core.Members.Members[VirtualCluster.IdOf(2)].Epoch == 2), Minute));
    }

    [Fact]
    public void Seeds_that_are_down_at_the_start_are_found_when_they_come_up()
    {
        var cluster = new VirtualCluster(1);
        for (var i = 1; i < 5; i++) cluster.Start(i, seeds: VirtualCluster.AddressOf(0));
        cluster.Run(Minute);
        Assert.All(cluster.Nodes.Values, static node => Assert.False(node.Core.IsReady));
        cluster.Start(0);
        Assert.True(cluster.RunUntil(() => SeesAll(cluster, 5) && cluster.Nodes.Values.All(static node => node.Core.IsReady), Minute));
    }

    [Fact]
    public void A_graceful_stop_is_announced_and_not_found_by_suspicion()
    {
        // Without push-pull, whose hearsay of a death is only a suspicion.
        var options = new SwimOptions { PushPullPeriod = TimeSpan.FromHours(1), SeedContactPeriod = TimeSpan.FromHours(1) };
        var cluster = Formed(1, 10, options);
        cluster.Run(TimeSpan.FromSeconds(10));
        foreach (var node in cluster.Nodes.Values) node.Notices.Clear();
        var stopping = cluster.Nodes[4];
        cluster.Do(stopping, stopping.Core.Stop);
        cluster.Crash(4);
        Assert.True(cluster.RunUntil(() => cluster.Nodes.Values.All(static node => node.StateOf(4) == MemberState.Dead), TimeSpan.FromSeconds(2)));
        Assert.DoesNotContain(cluster.Nodes.Values.SelectMany(static node => node.Notices), static notice => notice is MemberSuspected);
    }

    [Fact]
    public void Two_clusters_that_name_each_other_never_mix()
    {
        var cluster = new VirtualCluster(1);
        for (var i = 0; i < 6; i++) cluster.Start(i, cluster: (ulong)(i % 2) + 1, seeds: [VirtualCluster.AddressOf(0), VirtualCluster.AddressOf(1)]);
        cluster.Run(3 * Minute);
        Assert.All(cluster.Nodes.Values, static node => Assert.All(
            node.Core.Members.Members.Keys, id => Assert.Equal((ulong)(node.Number % 2), (id.Value - 1) % 2)));
        Assert.All(cluster.Nodes.Values, static node => Assert.Equal(3, node.Core.Members.Members.Count));
        Assert.Contains(cluster.Nodes.Values, static node => node.Core.Rejects[RejectReason.ForeignCluster] > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_seed_name_that_stands_for_all_nodes_and_oneself_joins_at_the_first_try(ulong seed)
    {
        var cluster = new VirtualCluster(seed);
        cluster.Names["seeds"] = [0, 1, 2];
        // So that no second try can make up for the first.
        var options = new SwimOptions { SeedRetryFirst = Minute, SeedRetryMax = Minute, PushPullPeriod = TimeSpan.FromHours(1) };
        for (var i = 0; i < 3; i++) cluster.Start(i, options: options, seeds: "seeds");
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.All(cluster.Nodes.Values, static node => Assert.True(node.Core.IsReady));
        Assert.All(cluster.Nodes.Values, static node => Assert.Equal(0, node.Core.Rejects.Total));
    }

    private static VirtualCluster Formed(ulong seed, int count, SwimOptions? options = null)
    {
        var cluster = new VirtualCluster(seed);
        cluster.StartMany(count, options);
        Assert.True(cluster.RunUntil(() => SeesAll(cluster, count), Minute));
        return cluster;
    }

    private static bool SeesAll(VirtualCluster cluster, int count) => cluster.Nodes.Values.All(node =>
        node.Core.Members.Members.Count == count && node.Core.Members.Members.Values.All(static member => member.State == MemberState.Alive));
}
