using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Lists gathered over several nodes.</summary>
public sealed class ListTests
{
    private static readonly ListCommand All = new("default", ListPlace.Start, 1_000, 0, "", "", BucketSet.All());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Pages_hold_every_workflow_once_and_newest_first_from_any_node(int nodes)
    {
        var cluster = new KernelCluster(nodes);
        var submitted = Submit(cluster, 25);
        for (var node = 1; node <= nodes; node++)
        {
            var seen = new List<WorkflowId>();
            var page = List(cluster, node, All with { Limit = 7 });
            while (true)
            {
                seen.AddRange(page.Workflows.Select(static workflow => workflow.Place.Id));
                Assert.True(page.Missing.IsEmpty);
                if (!page.HasMore) break;
                Assert.Equal(7, page.Workflows.Count);
                page = List(cluster, node, All with { Limit = 7, After = page.Workflows[^1].Place });
            }

            Assert.Equal(Enumerable.Reverse(submitted), seen);
        }
    }

    [Fact]
    public void A_page_is_full_only_of_what_matches_and_the_last_page_says_so()
    {
        var cluster = new KernelCluster(3);
        var submitted = Submit(cluster, 10);
        var page = List(cluster, 1, All with { Limit = 10 });
        Assert.Equal((10, false), (page.Workflows.Count, page.HasMore));
        var one = Assert.Single(List(cluster, 2, All with { IdPrefix = submitted[4].ToString()[..16] }).Workflows);
        Assert.Equal(submitted[4], one.Place.Id);
        Assert.Equal("w7", Assert.Single(List(cluster, 3, All with { NamePrefix = "w7" }).Workflows).Name);
        Assert.Empty(List(cluster, 3, All with { Namespace = "other" }).Workflows);
        Assert.Equal(10, List(cluster, 3, All with { States = Mask(WorkflowState.Succeeded) }).Workflows.Count);
        Assert.Empty(List(cluster, 3, All with { States = Mask(WorkflowState.Running, WorkflowState.Failed) }).Workflows);
    }

    [Fact]
    public void A_summary_counts_tasks_that_ended_and_that_failed()
    {
        var cluster = new KernelCluster(3);
        cluster.Ask(1, KernelCluster.Submission("""
            {"name":"f","tasks":[
              {"id":"a","tool":"builtin:fail","arguments":{"message":"no"}},
              {"id":"b","tool":"builtin:echo","arguments":{"value":1},"depends_on":["a"]},
              {"id":"c","tool":"builtin:delay","arguments":{"ms":20000}}]}
            """));
        cluster.RunFor(1_000);
        var open = Assert.Single(List(cluster, 2, All with { States = Mask(WorkflowState.Running) }).Workflows);
        Assert.Equal((WorkflowState.Running, 3, 2, 1, 0L), (open.State, open.Tasks, open.TasksDone, open.TasksFailed, open.FinishedUnixMs));
        cluster.RunFor(30_000);
        var ended = Assert.Single(List(cluster, 3, All).Workflows);
        Assert.Equal((WorkflowState.Partial, 3), (ended.State, ended.TasksDone));
        Assert.True(ended.FinishedUnixMs > 0);
    }

    [Fact]
    public void Where_a_node_is_silent_the_next_owner_is_asked_and_nothing_is_missing()
    {
        var cluster = new KernelCluster(5);
        var submitted = Submit(cluster, 25);
        cluster.Silence(4);
        var page = List(cluster, 1, All);
        Assert.True(page.Missing.IsEmpty);
        Assert.Equal(Enumerable.Reverse(submitted), page.Workflows.Select(static workflow => workflow.Place.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Buckets_whose_owners_are_all_away_are_missing_and_no_others(bool isNoticed)
    {
        var cluster = new KernelCluster(5);
        var submitted = Submit(cluster, 60);
        var map = cluster.Replicas.Values.First().Placement!.Map;
        int[] away = [3, 4, 5];
        foreach (var node in away)
        {
            if (isNoticed) cluster.Kill(node);
            else cluster.Silence(node);
        }

        bool IsAway(int bucket) => map.HomeOwners(bucket).ToArray().All(owner => away.Contains((int)owner.Value));
        var page = List(cluster, 1, All);
        Assert.Equal(Enumerable.Range(0, Buckets.Count).Where(IsAway), page.Missing.Members);
        Assert.NotEqual(0, page.Missing.Count);
        var reachable = submitted.Where(id => !IsAway(Buckets.BucketOf(id.Place))).Reverse();
        Assert.Equal(reachable, page.Workflows.Select(static workflow => workflow.Place.Id));
    }

    [Fact]
    public void A_place_orders_the_newer_first_and_then_by_id()
    {
        var old = new ListPlace(new Core.Clocks.HlcTimestamp(5), new WorkflowId(1, 1));
        Assert.True(old with { Created = new Core.Clocks.HlcTimestamp(6) } < old);
        Assert.True(old < old with { Id = new WorkflowId(1, 2) });
        Assert.True(ListPlace.Start < old);
    }

    private static Listed List(KernelCluster cluster, int node, ListCommand list) => Assert.IsType<Listed>(cluster.Ask(node, list));

    private static ushort Mask(params WorkflowState[] states) => (ushort)states.Sum(static state => 1 << (int)state);

    private static List<WorkflowId> Submit(KernelCluster cluster, int count)
    {
        var ids = new List<WorkflowId>();
        for (var i = 0; i < count; i++)
        {
            var submit = KernelCluster.Submission($$$"""{"name":"w{{{i}}}","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""", $"k{i}");
            Assert.IsType<Submitted>(cluster.Ask(1, submit));
            ids.Add(submit.Id);
        }

        cluster.RunFor(2_000);
        return ids;
    }
}
