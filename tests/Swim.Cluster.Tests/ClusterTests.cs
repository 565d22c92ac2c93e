using Grpc.Core;
using Swim.Client;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

public sealed class ClusterTests
{
    private const string Diamond = """
        {"name":"diamond","tasks":[
          {"id":"t1","tool":"builtin:echo","arguments":{"value":2}},
          {"id":"t2","tool":"builtin:delay","arguments":{"ms":20,"value":3}},
          {"id":"t3","tool":"builtin:sum","arguments":{"values":["$OUTPUT[t1]","$OUTPUT[t2]"]}},
          {"id":"t4","tool":"builtin:echo","arguments":{"value":"$OUTPUT[t3]"}},
          {"id":"t5","tool":"builtin:echo","arguments":{"value":["$OUTPUT[t3]","$OUTPUT[t3]"]}}],
         "output":"$OUTPUT[t5]"}
        """;

    private static SubmitWorkflowRequest Submission(string document, string key = "") => new() { Document = document, Format = "json", IdempotencyKey = key };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_workflow_submitted_to_one_node_is_read_from_every_node(int nodes)
    {
        await using var cluster = await TestCluster.StartAsync(nodes);
        using var first = cluster.Client(0);
        var submitted = await first.SubmitAsync(Submission(Diamond));
        Assert.True(submitted.Acked >= AckLevel.K);
        for (var node = 0; node < nodes; node++)
        {
            using var client = cluster.Client(node);
            var workflow = await client.WaitAsync(submitted.WorkflowId);
            Assert.Equal(WorkflowState.Succeeded, workflow.State);
            Assert.Equal("[5,5]", workflow.OutputJson);
            Assert.Equal(3, workflow.Layers);
        }
    }

    [Fact]
    public async Task One_hundred_runs_give_identical_output_bytes()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var runs = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.RunAsync(Submission(Diamond))));
        Assert.All(runs, run => Assert.Equal(WorkflowState.Succeeded, run.State));
        Assert.Single(runs.Select(run => run.OutputJson).Distinct());
    }

    [Fact]
    public async Task An_acked_workflow_is_there_and_finishes_after_every_node_was_stopped_and_started_again()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        string id;
        using (var client = cluster.Client(0))
        {
            var submitted = await client.SubmitAsync(Submission("""
                {"name":"long","tasks":[
                  {"id":"a","tool":"builtin:delay","arguments":{"ms":1500,"value":7}},
                  {"id":"b","tool":"builtin:echo","arguments":{"value":"$OUTPUT[a]"}}],"output":"$OUTPUT[b]"}
                """));
            id = submitted.WorkflowId;
        }

        foreach (var node in new[] { 0, 1, 2 }) await cluster.StopNodeAsync(node);
        foreach (var node in new[] { 2, 1, 0 }) await cluster.StartNodeAsync(node);
        using var later = cluster.Client(1);
        Assert.Equal("7", (await later.WaitAsync(id)).OutputJson);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_workflow_from_any_node()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var first = cluster.Client(0);
        using var last = cluster.Client(2);
        var submitted = await first.SubmitAsync(Submission(Diamond, "order-17"));
        var again = await last.SubmitAsync(Submission(Diamond, "order-17"));
        Assert.Equal(submitted.WorkflowId, again.WorkflowId);
        Assert.True(again.Existing);
        var other = Diamond.Replace("diamond", "another", StringComparison.Ordinal);
        var taken = await Assert.ThrowsAsync<SwimException>(() => last.SubmitAsync(Submission(other, "order-17")));
        Assert.Equal(StatusCode.AlreadyExists, taken.Status);
        Assert.Contains(submitted.WorkflowId, taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_workflow_ends_cancelled()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var client = cluster.Client(1);
        var submitted = await client.SubmitAsync(Submission(
            """{"name":"c","tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":600000},"timeout_ms":700000}]}"""));
        await client.CancelAsync(submitted.WorkflowId);
        Assert.Equal(WorkflowState.Cancelled, (await client.WaitAsync(submitted.WorkflowId)).State);
    }
}
