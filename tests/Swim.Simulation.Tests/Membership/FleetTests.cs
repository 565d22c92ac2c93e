using Swim.Core.Membership;
using Swim.Simulation.Membership;
using Xunit;

namespace Swim.Simulation.Tests.Membership;

/// <summary>The fleet itself: that a run is a function of its seed, and that what is done to a node reaches it.</summary>
public sealed class FleetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, int> Small { get; } = new()
    {
        { "calm", 20 }, { "detect", 16 }, { "crash-10", 24 }, { "join-storm", 40 }, { "paused", 12 }, { "cut-1m", 10 }, { "reuse", 12 },
    };

    [Theory, MemberData(nameof(Small))]
    public void The_same_seed_gives_the_same_trace_and_figures(string name, int nodes)
    {
        var scenario = FleetScenario.Find(name)!;
        var (first, second) = (scenario.Run(nodes, 7, Baseline.Ours), scenario.Run(nodes, 7, Baseline.Ours));
        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.Equal(first.Metrics, second.Metrics);
        Assert.NotEqual(first.TraceHash, scenario.Run(nodes, 8, Baseline.Ours).TraceHash);
    }

    [Theory, MemberData(nameof(Small))]
    public void What_a_scenario_promises_holds_in_a_small_cluster(string name, int nodes)
    {
        var run = FleetScenario.Find(name)!.Run(nodes, 1, Baseline.Ours);
        Assert.All(run.Checks, static check => Assert.Null(check.Value));
        Assert.NotEmpty(run.Checks);
    }

    [Fact]
    public void Nodes_that_have_met_hold_the_truth_from_the_start_and_share_it()
    {
        var fleet = Started(50);
        Assert.True(fleet.HasOneView());
        Assert.Equal(0, fleet.Tally.Wrong());
        Assert.Same(fleet.Nodes[0].Core!.Members.Members, fleet.Nodes[49].Core!.Members.Members);
    }

    [Fact]
    public void A_crash_is_seen_as_one_and_by_all()
    {
        var fleet = Started(10);
        fleet.Crash(3);
        fleet.RunFor(60 * Second);
        var crash = Assert.Single(fleet.Tally.Detections);
        Assert.InRange(crash.First!.Value, 2 * Second, crash.Last!.Value);
        Assert.Equal(0, fleet.Tally.Undetected());
        Assert.Equal(0, fleet.Tally.FalseDeaths.All);
        Assert.All(fleet.Nodes.Where(static node => node.IsUp), node => Assert.Equal(1, fleet.Tally.FlipsOf[node.Place]));
    }

    [Fact]
    public void A_node_whose_messages_are_blocked_for_long_is_held_dead_and_comes_back()
    {
        var fleet = Started(10);
        fleet.Tally.MarkFaulty(4);
        fleet.Block(4, 40 * Second);
        fleet.RunFor(39 * Second);
        Assert.True(fleet.Tally.DeathsOfFaulty >= 9);
        Assert.NotEqual(0, fleet.Tally.Wrong());
        Assert.True(fleet.RunUntil(() => fleet.Tally.Wrong() == 0 && fleet.HasOneView(), 60 * Second, Second));
    }

    [Fact]
    public void A_member_blocked_for_less_than_a_suspicion_misjudges_others_in_plain_SWIM_but_not_in_ours()
    {
        long Suspicions(Baseline baseline)
        {
            var fleet = new Fleet(16, 1, baseline.Options);
            fleet.StartTogether(16);
            fleet.Tally.MarkFaulty(4);
            for (var round = 0; round < 5; round++)
            {
                fleet.Block(4, 4 * Second);
                fleet.RunFor(5 * Second);
            }

            Assert.Equal(0, fleet.Tally.FalseDeaths.AtHealthy);
            return fleet.Tally.FalseSuspicions.All;
        }

        Assert.NotEqual(0, Suspicions(Baseline.Plain));
        Assert.Equal(0, Suspicions(Baseline.Ours));
    }

    [Fact]
    public void A_blocked_node_sends_what_waited_when_it_may_again()
    {
        var fleet = Started(6);
        fleet.RunFor(5 * Second);
        fleet.Tally.Traffic.Begin(fleet.Ticks);
        for (var place = 0; place < 6; place++) fleet.Block(place, 3 * Second);
        fleet.RunFor(3 * Second - TimeSpan.FromMilliseconds(1));
        Assert.All(fleet.Nodes, static node => Assert.Equal(6, node.Core!.LiveCount));
        Assert.True(fleet.Tally.Traffic.Messages > 0);
        var before = fleet.Trace.Count;
        fleet.RunFor(TimeSpan.FromMilliseconds(5));
        Assert.True(fleet.Trace.Count >= before + 6);
    }

    [Fact]
    public void A_slow_sender_is_heard_later_and_nothing_of_it_is_lost()
    {
        var fleet = Started(4);
        fleet.Links.SlowOut(1, 10 * Second);
        Assert.InRange(fleet.Links.Delay(1), 10 * Second, 11 * Second);
        Assert.InRange(fleet.Links.Delay(0), TimeSpan.Zero, Second);
        fleet.RunFor(30 * Second);
        Assert.Equal(0, fleet.Tally.Traffic.Lost);
        Assert.NotEqual(0, fleet.Tally.FalseSuspicions.All);
    }

    [Fact]
    public void A_node_that_hears_nothing_says_that_it_is_there_and_suspects_others_after_a_while_and_one_that_is_not_heard_is_suspected()
    {
        var (deaf, mute) = (Started(10), Started(10));
        deaf.Links.LoseIn(2, 1000);
        mute.Links.LoseOut(2, 1000);
        deaf.RunFor(10 * Second);
        mute.RunFor(10 * Second);
        var (ofDeaf, ofMute) = (deaf.IdOf(2), mute.IdOf(2));
        Assert.DoesNotContain(deaf.Nodes[2].Core!.Members.Members.Values, static member => member.State != MemberState.Alive);
        Assert.True(deaf.Nodes[2].Core!.Self.Incarnation > 0);
        deaf.RunFor(50 * Second);
        Assert.Contains(deaf.Nodes[2].Core!.Members.Members.Values, static member => member.State != MemberState.Alive);
        Assert.NotEqual(MemberState.Alive, mute.Nodes[5].Core!.Members.StateOf(ofMute));
        Assert.True(deaf.Links.IsCut(5, 2) && !deaf.Links.IsCut(2, 5) && !mute.Links.AreJoined(2, 5), $"{ofDeaf}");
    }

    [Fact]
    public void Nothing_gets_over_a_cut_and_what_is_said_of_the_far_side_is_no_mistake()
    {
        var fleet = Started(8);
        for (var place = 0; place < 4; place++) fleet.Links.PutInto(place, 1);
        fleet.RunFor(60 * Second);
        Assert.Equal(4, fleet.Nodes[0].Core!.LiveCount);
        Assert.Equal(0, fleet.Tally.FalseDeaths.All);
        Assert.Equal(0, fleet.Tally.FalseSuspicions.All);
    }

    [Fact]
    public void Plain_SWIM_takes_longer_than_ours()
    {
        double Full(Baseline baseline) => FleetScenario.Find("detect")!.Run(32, 1, baseline)["full_detection_p50_s"];
        Assert.InRange(Full(Baseline.Ours), 1, Full(Baseline.Plain));
    }

    [Fact]
    public void Traffic_is_what_was_sent_in_the_seconds_that_were_measured()
    {
        var traffic = new FleetTraffic(2);
        traffic.Add(0, 0, 999);
        traffic.Begin(Second.Ticks);
        traffic.Add(Second.Ticks, 0, 1000);
        traffic.Add(2 * Second.Ticks, 1, 3000);
        var (messages, mean, p99, max) = traffic.Rates(3 * Second.Ticks);
        Assert.Equal((0.5, 1.0, 3.0, 3.0), (messages, mean, p99, max));
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 4)]
    [InlineData(0.25, 1)]
    public void A_quantile_is_a_sample_that_the_share_does_not_exceed(double share, double expected) =>
        Assert.Equal(expected, Quantile.Of([4, 1, 3, 2], share));

    private static Fleet Started(int nodes)
    {
        var fleet = new Fleet(nodes, 1, new SwimOptions());
        fleet.StartTogether(nodes);
        return fleet;
    }
}
