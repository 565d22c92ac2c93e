using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>A node that drains takes no new tasks, and all else goes on.</summary>
public sealed class DrainTests
{
    private static SubmitWorkflowRequest Delays(int tasks, int ms) => new()
    {
        Document = "name: delays\ntasks:\n" + string.Concat(Enumerable.Range(0, tasks).Select(i => $"  - {{ id: d{i}, tool: 'builtin:delay', arguments: {{ ms: {ms} }} }}\n")),
    };

    [Fact]
    public async Task A_draining_node_gets_no_task_until_it_is_cancelled_and_answers_all_the_same()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var drained = cluster.Client(1);
        Assert.True((await drained.DrainAsync(new DrainRequest())).Draining);
        Assert.True((await drained.StatusAsync()).Draining);
        var node = cluster[1].Id.ToString();
        await UntilEverySeesAsync(cluster, node, isDraining: true);

        // Submitted to the draining node itself, which goes on planning.
        var run = await drained.RunAsync(Delays(30, 1));
        Assert.Equal(WorkflowState.Succeeded, run.State);
        Assert.DoesNotContain(run.Tasks, task => task.Executor == node);

        Assert.False((await drained.DrainAsync(new DrainRequest { Cancel = true })).Draining);
        await UntilEverySeesAsync(cluster, node, isDraining: false);
        await TestCluster.UntilAsync("the node runs tasks again", async () => (await drained.RunAsync(Delays(30, 1))).Tasks.Any(task => task.Executor == node));
    }

    [Fact]
    public async Task What_runs_finishes_where_it_runs_and_what_waits_begins_after_the_drain()
    {
        await using var cluster = await TestCluster.StartAsync(1, static (_, options) => options with { Slots = 2 });
        using var client = cluster.Client(0);
        var id = (await client.SubmitAsync(Delays(4, 1_500))).WorkflowId;
        await TestCluster.UntilAsync("two tasks run", async () => (await client.StatusAsync()).SlotsBusy == 2);
        var drained = await client.DrainAsync(new DrainRequest { WaitMs = 30_000 });
        Assert.Equal((true, 0), (drained.Draining, drained.TasksRunning));
        await TestCluster.UntilAsync("two tasks ended", async () => (await client.GetAsync(id)).Tasks.Count(static task => task.State == TaskState.Succeeded) == 2);
        var halfway = await client.GetAsync(id);
        Assert.All(halfway.Tasks.Where(static task => task.State == TaskState.Succeeded), static task => Assert.Equal(1, task.Attempt));
        Assert.Equal(0, (await client.StatusAsync()).SlotsBusy);
        await client.DrainAsync(new DrainRequest { Cancel = true });
        var run = await client.WaitAsync(id);
        Assert.Equal(WorkflowState.Succeeded, run.State);
        Assert.All(run.Tasks, static task => Assert.Equal(1, task.Attempt));
    }

    [Fact]
    public async Task A_wait_out_of_range_is_refused_and_drains_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        foreach (var wait in new[] { -1, 30_001 })
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<SwimException>(() => client.DrainAsync(new DrainRequest { WaitMs = wait }))).Status);
        Assert.False((await client.StatusAsync()).Draining);
    }

    private static Task UntilEverySeesAsync(TestCluster cluster, string node, bool isDraining) => TestCluster.UntilAsync("every node knows", async () =>
    {
        for (var i = 0; i < 3; i++)
        {
            using var client = cluster.Client(i);
            if ((await client.MembersAsync()).Members.Single(member => member.NodeId == node).Draining != isDraining) return false;
        }

        return true;
    });
}
