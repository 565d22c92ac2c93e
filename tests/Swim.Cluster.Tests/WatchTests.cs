using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Following a workflow over real nodes.</summary>
public sealed class WatchTests
{
    private static readonly SubmitWorkflowRequest Chain = new()
    {
        Document = """
            name: chain
            tasks:
              - { id: a, tool: "builtin:delay", arguments: { ms: 400, value: 1 } }
              - { id: b, tool: "builtin:delay", arguments: { ms: 400, value: 2 }, depends_on: [a] }
              - { id: c, tool: "builtin:echo", arguments: { value: "$OUTPUT[b]" } }
            output: "$OUTPUT[c]"
            """,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_follower_sees_every_task_begin_and_end_in_order_from_any_node(int nodes)
    {
        await using var cluster = await TestCluster.StartAsync(nodes);
        using var submitter = cluster.Client(0);
        var id = (await submitter.SubmitAsync(Chain)).WorkflowId;
        for (var node = 0; node < nodes; node++)
        {
            using var client = cluster.Client(node);
            var seen = await ReadAsync(client, id);
            Assert.Equal((WorkflowState.Succeeded, "2"), (seen[^1].State, seen[^1].OutputJson));
            AssertForwardOnly(seen);
            if (node == 0) Assert.Contains(seen, static workflow => workflow.Tasks[0].State == TaskState.Succeeded && workflow.Tasks[1].State is TaskState.Claimed or TaskState.Running);
            // How far the end has spread may rise after it was told.
            var now = await client.GetAsync(id);
            Assert.True(now.Durable >= seen[^1].Durable);
            now.Durable = seen[^1].Durable;
            Assert.Equal(now, seen[^1]);
        }
    }

    [Fact]
    public async Task A_follower_goes_on_at_another_node_when_its_own_stops()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var submitter = cluster.Client(0);
        using var follower = new SwimClient(new SwimClientOptions { Servers = [cluster.Address(1), cluster.Address(2)] });
        var id = (await submitter.SubmitAsync(new SubmitWorkflowRequest
        {
            Document = "name: long\ntasks:\n  - { id: a, tool: 'builtin:delay', arguments: { ms: 3000 } }\n  - { id: b, tool: 'builtin:echo', arguments: { value: 5 }, depends_on: [a] }\noutput: $OUTPUT[b]",
        })).WorkflowId;
        var seen = new List<Workflow>();
        await foreach (var workflow in follower.WatchAsync(id))
        {
            seen.Add(workflow);
            if (seen.Count == 1) await cluster.StopNodeAsync(1);
        }

        Assert.Equal("5", seen[^1].OutputJson);
        AssertForwardOnly(seen);
    }

    [Fact]
    public async Task A_follower_of_an_ended_workflow_gets_one_snapshot_and_of_an_unknown_one_a_refusal()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var id = (await client.RunAsync(Chain)).WorkflowId;
        Assert.Single(await ReadAsync(client, id));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<SwimException>(() => ReadAsync(client, new string('0', 32)))).Status);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<SwimException>(() => ReadAsync(client, "x"))).Status);
    }

    private static async Task<List<Workflow>> ReadAsync(SwimClient client, string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<Workflow>();
        await foreach (var workflow in client.WatchAsync(id, cancel: patience.Token)) seen.Add(workflow);
        return seen;
    }

    private static void AssertForwardOnly(List<Workflow> seen)
    {
        for (var i = 1; i < seen.Count; i++)
        {
            Assert.NotEqual(seen[i - 1], seen[i]);
            foreach (var (before, after) in seen[i - 1].Tasks.Zip(seen[i].Tasks))
                Assert.True(before.State != TaskState.Succeeded || after.State == TaskState.Succeeded, $"{before.Id} went from {before.State} to {after.State}");
        }
    }
}
