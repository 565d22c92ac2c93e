using Grpc.Net.Client;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>The client library against real nodes that go away.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task A_result_is_waited_for_while_the_node_that_is_asked_ends_and_so_does_the_next()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var client = new SwimClient(new SwimClientOptions { Servers = [cluster.Address(1), cluster.Address(2), cluster.Address(0)] });
        var handle = await client.StartAsync("""
            name: long
            tasks:
              - { id: a, tool: "builtin:delay", arguments: { ms: 4000 } }
              - { id: b, tool: "builtin:echo", arguments: { value: { sum: "$INPUT.sum" } }, depends_on: [a] }
            output: "$OUTPUT[b]"
            """, new { Sum = 5 });
        var result = handle.ResultAsync<Dictionary<string, int>>();
        Assert.False(result.IsCompleted);
        await cluster.StopNodeAsync(1);
        Assert.Equal(5, (await result.WaitAsync(TimeSpan.FromSeconds(60)))!["sum"]);
        Assert.Equal(WorkflowState.Succeeded, (await handle.StatusAsync()).State);
    }

    [Fact]
    public async Task A_failed_workflow_throws_with_its_task_attempt_and_error()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var handle = await client.StartAsync("""
            name: failing
            tasks:
              - { id: good, tool: "builtin:echo", arguments: { value: 1 } }
              - { id: bad, tool: "builtin:fail", arguments: { message: "no luck" }, retry: { max_attempts: 3, backoff_ms: 1 } }
              - { id: after, tool: "builtin:echo", arguments: { value: 1 }, depends_on: [bad] }
            """);
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.ResultAsync());
        Assert.Equal((WorkflowState.Partial, "bad", 3), (failure.State, failure.FailedTask!.Id, failure.Attempt));
        Assert.Contains("no luck", failure.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("task 'bad' failed in attempt 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_workflow_is_seen_by_who_waits_for_its_result()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var handle = await client.StartAsync("name: x\ntasks:\n  - { id: a, tool: 'builtin:delay', arguments: { ms: 600000 } }");
        var result = handle.ResultAsync();
        await handle.CancelAsync();
        Assert.Equal(WorkflowState.Cancelled, (await Assert.ThrowsAsync<WorkflowFailedException>(() => result.WaitAsync(TimeSpan.FromSeconds(60)))).State);
    }

    [Fact]
    public async Task A_follower_that_goes_on_where_nothing_is_new_is_accepted_before_anything_happens()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var handle = await client.StartAsync("name: x\ntasks:\n  - { id: a, tool: 'builtin:delay', arguments: { ms: 600000 } }");
        await TestCluster.UntilAsync("the task runs", async () => (await handle.StatusAsync()).Tasks[0].State == TaskState.Running);
        using var channel = GrpcChannel.ForAddress(cluster.Address(0).Uri);
        var watch = new Workflows.WorkflowsClient(channel);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var first = watch.WatchWorkflow(new WatchWorkflowRequest { WorkflowId = handle.Id }, cancellationToken: limit.Token);
            await first.ResponseStream.MoveNext(limit.Token);
            var token = first.ResponseStream.Current.ResumeToken;
            using var second = watch.WatchWorkflow(new WatchWorkflowRequest { WorkflowId = handle.Id, ResumeToken = token }, cancellationToken: limit.Token);
            var next = second.ResponseStream.MoveNext(limit.Token);
            await second.ResponseHeadersAsync.WaitAsync(limit.Token);
            // How far the state has spread may have been news; then once more.
            if (next.IsCompleted) continue;
            await handle.CancelAsync();
            Assert.True(await next);
            break;
        }
    }
}
