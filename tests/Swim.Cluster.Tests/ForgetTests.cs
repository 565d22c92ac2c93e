using Grpc.Core;
using Swim.Client;
using Swim.Core.Replication;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>Real nodes forget what has ended for longer than its retention, and say so.</summary>
public sealed class ForgetTests
{
    private const string Short = "name: short\nretention: 9s\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]\n";
    private const string Kept = "name: kept\ntasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]\n";

    // A tombstone lives for the grace at least: long enough to be asked for, on a slow machine too.
    private static readonly ForgettingOptions _seconds = new() { Retention = TimeSpan.FromMinutes(10), Grace = TimeSpan.FromSeconds(4), HintTtl = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task What_is_past_its_retention_is_gone_on_every_node_and_the_rest_is_not()
    {
        await using var cluster = await TestCluster.StartAsync(3, static (_, options) => options with { Forgetting = _seconds });
        using var client = cluster.Client(0);
        var kept = await client.RunAsync(new SubmitWorkflowRequest { Document = Kept });
        var run = await client.RunAsync(new SubmitWorkflowRequest { Document = Short });
        Assert.Equal(WorkflowState.Succeeded, run.State);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await TestCluster.UntilAsync("it is forgotten", async () =>
        {
            var code = await CodeOfAsync(client, run.WorkflowId);
            if (code.Length > 0) seen.Add(code);
            return code == "NOT_FOUND";
        });
        Assert.Equal(["COLLECTED", "NOT_FOUND"], seen.Order());
        for (var node = 0; node < 3; node++)
        {
            using var other = cluster.Client(node);
            Assert.Equal("NOT_FOUND", await CodeOfAsync(other, run.WorkflowId));
            Assert.Equal(WorkflowState.Succeeded, (await other.GetAsync(kept.WorkflowId)).State);
            var list = await other.ListAsync(new ListWorkflowsRequest());
            Assert.Equal([kept.WorkflowId], list.Workflows.Select(static workflow => workflow.WorkflowId));
        }
    }

    [Fact]
    public async Task A_retention_within_twice_the_grace_is_refused_by_every_node()
    {
        await using var cluster = await TestCluster.StartAsync(1, static (_, options) => options with { Forgetting = _seconds });
        using var client = cluster.Client(0);
        var refused = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(new SubmitWorkflowRequest { Document = Short.Replace("9s", "8s", StringComparison.Ordinal) }));
        Assert.Equal(StatusCode.InvalidArgument, refused.Status);
        Assert.Contains("must be more than 8s, twice this cluster's grace", refused.Message, StringComparison.Ordinal);
    }

    // Empty where the workflow is shown.
    private static async Task<string> CodeOfAsync(SwimClient client, string id)
    {
        try
        {
            await client.GetAsync(id);
            return "";
        }
        catch (SwimException refused) when (refused.Status == StatusCode.NotFound)
        {
            return refused.Code;
        }
    }
}
