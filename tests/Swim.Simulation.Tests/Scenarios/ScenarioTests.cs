using Swim.Simulation.Scenarios;
using Xunit;

namespace Swim.Simulation.Tests.Scenarios;

/// <summary>A few fixed seeds of each scenario; <c>scripts/sim.sh --seeds</c> draws more. A failure names the command that repeats it.</summary>
public sealed class ScenarioTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Thirty_nodes_form_a_full_view(ulong seed) => Holds("join", 30, seed);

    public static TheoryData<int, ulong> ColdStarts
    {
        get
        {
            var runs = new TheoryData<int, ulong>();
            foreach (var nodes in new[] { 2, 3, 10, 30 }) for (var seed = 1UL; seed <= 5; seed++) runs.Add(nodes, seed);
            return runs;
        }
    }

    /// <summary>With a first retry after 1 s most runs of ten nodes and more were too late.</summary>
    [Theory, MemberData(nameof(ColdStarts))]
    public void Nodes_that_start_at_one_moment_before_their_seeds_soon_all_plan(int nodes, ulong seed) => Holds("cold", nodes, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Crashed_nodes_are_found_by_all_others(ulong seed) => Holds("crash", 30, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_split_with_work_on_both_sides_heals_to_equal_state_and_one_result_for_each_task(ulong seed) => Holds("split", 8, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_task_of_a_majority_runs_twice_at_once_and_all_of_them_end_after_the_heal(ulong seed) => Holds("majority", 7, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_acked_survives_the_crash_of_all_nodes_and_ends(ulong seed) => Holds("restart", 8, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Where_only_packets_are_blocked_nobody_is_suspected(ulong seed) => Holds("no-udp", 5, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_forgotten_stays_so_and_what_lives_is_kept_while_nodes_are_away_for_longer_than_the_retention(ulong seed)
    {
        var (collected, floors) = (0L, 0);
        Holds("forget", 5, seed, cluster => cluster.Watchers.Add(new Watching(looked =>
        {
            collected = Math.Max(collected, looked.UpNodes.Sum(static node => node.Replica!.CollectedCount));
            floors = Math.Max(floors, looked.UpNodes.Sum(static node => node.Replica!.Held.Count(static bucket => bucket.Forgotten.Floor.Value > 0)));
        })));
        Assert.True(collected > 20 && floors > 10, $"{collected} workflows were collected, and {floors} buckets had a floor");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Contexts_forget_who_writes_no_more_and_nobody_numbers_writes_anew(ulong seed)
    {
        var (most, retired) = (0, 0L);
        Holds("writers", 5, seed, cluster => cluster.Watchers.Add(new Watching(looked =>
        {
            most = Math.Max(most, looked.UpNodes.Max(static node => node.Replica!.Held.Select(static bucket => bucket.Context.WriterCount).DefaultIfEmpty().Max()));
            retired = Math.Max(retired, looked.UpNodes.Sum(static node => node.Replica!.RetiredCount));
        })));
        Assert.True(most > 3 && retired > 20, $"a context had {most} writers, and {retired} entries retired");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void State_that_decayed_on_the_disk_of_one_node_comes_back_from_the_others(ulong seed)
    {
        var (buckets, places) = (0, 0);
        Holds("decay", 5, seed, cluster => cluster.Watchers.Add(new Watching(looked =>
        {
            buckets = Math.Max(buckets, looked.Nodes.Max(static node => node.DamagedBuckets));
            places = Math.Max(places, looked.Nodes.Max(static node => node.DamagedPlaces));
        })));
        Assert.True(buckets > 0 && places > 0, $"{buckets} buckets of a checkpoint and {places} places of a log could not be read");
    }

    /// <summary>In these two a stop was lost on its way and never sent again, since the attempt went on showing that it lived.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_cancelled_task_stops_also_where_the_first_word_to_its_executor_is_lost(ulong seed) => Holds("cancel", 7, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_node_had_begun_that_never_comes_back_is_ended_by_the_others(ulong seed) => Holds("lost", 6, seed);

    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, 8).Select(seed => new object[] { (ulong)seed });

    [Theory, MemberData(nameof(Seeds))]
    public void Every_promise_holds_after_a_mix_of_faults(ulong seed) => Holds("mixed", 7, seed);

    /// <summary>What each was: credits counted anew within an epoch; a lost recall; a lost answer to one; credits held for an earlier life; a success seen before its result; a demand that was out of date; both rivals for a key cancelled.</summary>
    [Theory]
    [InlineData(8, 26)]
    [InlineData(8, 31)]
    [InlineData(8, 107)]
    [InlineData(5, 192)]
    [InlineData(5, 7)]
    [InlineData(5, 30)]
    [InlineData(7, 322)]
    public void Seeds_that_once_broke_a_promise_keep_all(int nodes, ulong seed) => Holds("mixed", nodes, seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Small_clusters_keep_every_promise_too(int nodes) => Holds("mixed", nodes, 1);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Where_both_sides_of_a_split_got_different_results_all_are_told_and_each_policy_is_kept(ulong seed)
    {
        var run = Holds("flips", 6, seed);
        Assert.True(run.Metrics["ran_twice"] > 10 && run.Metrics["given_losers"] > 10, $"{run.Metrics["ran_twice"]} tasks ran twice, {run.Metrics["given_losers"]} attempts were given what lost");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Results_that_depend_on_who_ran_a_task_go_through_every_fault(ulong seed) => Holds("flips-mixed", 6, seed);

    [Theory]
    [InlineData("leave", 6, 4)]
    [InlineData("majority", 7, 222)]
    [InlineData("alone", 5, 4)]
    public void Who_takes_all_others_for_dead_does_not_say_that_two_have_something(string scenario, int nodes, ulong seed) => Holds(scenario, nodes, seed);

    private static RunResult Holds(string scenario, int nodes, ulong seed, Action<Simulator>? prepare = null)
    {
        var run = ScenarioRunner.Run(Scenario.Find(scenario)!, nodes, seed, prepare);
        var broken = run.Checks.Where(check => check.Value is not null).Select(check => $"{check.Key}: {check.Value}");
        Assert.True(run.IsOk, $"{run.Spec.Command}\n{string.Join('\n', broken)}");
        return run;
    }
}
