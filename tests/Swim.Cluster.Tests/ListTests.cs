using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Lists over real nodes.</summary>
public sealed class ListTests
{
    [Fact]
    public async Task Every_node_pages_through_all_workflows_also_after_one_of_five_is_gone()
    {
        await using var cluster = await TestCluster.StartAsync(5);
        using var submitter = cluster.Client(0);
        var submitted = new List<string>();
        for (var i = 0; i < 12; i++)
            submitted.Add((await submitter.RunAsync(new SubmitWorkflowRequest { Document = $"name: w{i}\ntasks: [{{ id: a, tool: 'builtin:echo', arguments: {{ value: {i} }} }}]" })).WorkflowId);
        submitted.Reverse();
        for (var node = 0; node < 5; node++) Assert.Equal(submitted, await PagesAsync(cluster, node));
        await cluster.StopNodeAsync(4);
        Assert.Equal(submitted, await PagesAsync(cluster, 1));
    }

    [Fact]
    public async Task Filters_choose_and_wrong_requests_are_refused()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var done = await client.RunAsync(new SubmitWorkflowRequest { Document = "name: alpha\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]" });
        var open = await client.SubmitAsync(new SubmitWorkflowRequest { Document = "name: beta\ntasks: [{ id: a, tool: 'builtin:delay', arguments: { ms: 20000 } }]" });
        var running = Assert.Single((await client.ListAsync(new ListWorkflowsRequest { States = { WorkflowState.Running } })).Workflows);
        Assert.Equal((open.WorkflowId, "beta", 1, 0), (running.WorkflowId, running.Name, running.Tasks, running.TasksDone));
        var named = Assert.Single((await client.ListAsync(new ListWorkflowsRequest { NamePrefix = "al" })).Workflows);
        Assert.Equal((done.WorkflowId, WorkflowState.Succeeded, done.FinishedUnixMs, done.CreatedUnixMs), (named.WorkflowId, named.State, named.FinishedUnixMs, named.CreatedUnixMs));
        Assert.Single((await client.ListAsync(new ListWorkflowsRequest { IdPrefix = done.WorkflowId[..12].ToUpperInvariant() })).Workflows);
        Assert.Empty((await client.ListAsync(new ListWorkflowsRequest { Namespace = "elsewhere" })).Workflows);
        ListWorkflowsRequest[] wrong =
        [
            new() { PageSize = -1 }, new() { PageSize = 1001 }, new() { PageToken = "x" }, new() { PageToken = new string('f', 47) },
            new() { IdPrefix = "xyz" }, new() { States = { WorkflowState.Unspecified } }, new() { States = { (WorkflowState)40 } },
        ];
        foreach (var request in wrong)
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<SwimException>(() => client.ListAsync(request))).Status);
    }

    private static async Task<List<string>> PagesAsync(TestCluster cluster, int node)
    {
        using var client = cluster.Client(node);
        var seen = new List<string>();
        var request = new ListWorkflowsRequest { PageSize = 5 };
        do
        {
            var page = await client.ListAsync(request);
            Assert.Equal((false, 0), (page.Incomplete, page.BucketsUnreachable));
            Assert.InRange(page.Workflows.Count, 1, 5);
            seen.AddRange(page.Workflows.Select(static workflow => workflow.WorkflowId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return seen;
    }
}
