using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task A_status_tells_what_the_log_takes_and_how_the_node_was_built()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var before = await client.StatusAsync();
        Assert.StartsWith("built with", before.Build, StringComparison.Ordinal);
        var text = new string('x', 10_000);
        var run = await client.RunAsync(new SubmitWorkflowRequest
        {
            Document = $"name: large\ntasks: [{{ id: a, tool: 'builtin:echo', arguments: {{ value: {text} }} }}]",
        });
        Assert.Equal(WorkflowState.Succeeded, run.State);
        // The text is in the definition and in the result.
        var after = await client.StatusAsync();
        Assert.InRange(after.LogBytes - before.LogBytes, 2 * text.Length, 10 * text.Length);
        await cluster.StopNodeAsync(0);
        await cluster.StartNodeAsync(0);
        using var again = cluster.Client(0);
        Assert.True((await again.StatusAsync()).LogBytes >= after.LogBytes);
    }
}
