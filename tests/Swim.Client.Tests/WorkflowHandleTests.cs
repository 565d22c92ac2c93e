using System.Text.Json;
using System.Text.Json.Serialization;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests;

public sealed partial class WorkflowHandleTests
{
    [Fact]
    public async Task A_started_workflow_gives_its_result_as_the_type_asked_for()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, count) => count == 1 ? FakeNode.Running() : Ended("""{"total":3,"NAMES":["a"]}""");
        using var client = node.Client();
        var handle = await client.StartAsync("the document", new { Name = "x", MaxCount = 2 });
        Assert.Equal((FakeNode.WorkflowId, AckLevel.K, false), (handle.Id, handle.Acked, handle.IsExisting));
        var (document, input) = (node.Answers.Submitted[0].Document, node.Answers.Submitted[0].InputJson);
        Assert.Equal(("the document", """{"name":"x","maxCount":2}"""), (document, input));
        var result = await handle.ResultAsync<Totals>();
        Assert.Equal((3, "a"), (result!.Total, Assert.Single(result.Names)));
        Assert.All(node.Answers.Asked, static asked => Assert.Equal(FakeNode.WorkflowId, asked.WorkflowId));
    }

    [Fact]
    public async Task A_result_can_be_read_by_a_generated_contract_and_by_options()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, _) => Ended("""{"Total":3,"Names":[]}""");
        using var client = node.Client();
        Assert.Equal(3, (await client.Workflow("a").ResultAsync(Contracts.Default.Totals))!.Total);
        Assert.Equal(3, (await client.Workflow("a").ResultAsync<Totals>(JsonSerializerOptions.Default))!.Total);
        node.Answers.Get = (_, _) => Ended("null");
        Assert.Null(await client.Workflow("a").ResultAsync<Totals>());
    }

    [Fact]
    public async Task An_output_that_is_missing_or_of_another_kind_is_told()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client();
        node.Answers.Get = (_, _) => Ended("");
        Assert.Contains("output:", (await Assert.ThrowsAsync<InvalidOperationException>(() => client.Workflow("a").ResultAsync<int>())).Message, StringComparison.Ordinal);
        Assert.Equal(WorkflowState.Succeeded, (await client.Workflow("a").ResultAsync()).State);
        node.Answers.Get = (_, _) => Ended("\"text\"");
        Assert.Contains("is no Int32", (await Assert.ThrowsAsync<JsonException>(() => client.Workflow("a").ResultAsync<int>())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WorkflowState.Failed)]
    [InlineData(WorkflowState.Partial)]
    public async Task A_failed_workflow_throws_with_the_task_that_failed_first_its_attempt_and_error(WorkflowState state)
    {
        await using var node = await FakeNode.StartAsync();
        var ended = Ended("", state);
        ended.Tasks.Clear();
        ended.Tasks.Add(new V1.Task { Id = "later", State = TaskState.Failed, Attempt = 1, FinishedUnixMs = 200 });
        ended.Tasks.Add(new V1.Task { Id = "first", State = TaskState.Failed, Attempt = 3, FinishedUnixMs = 100, Error = new Error { Code = "TASK_FAILED", Message = "no disk" } });
        ended.Tasks.Add(new V1.Task { Id = "skipped", State = TaskState.Skipped, FinishedUnixMs = 50 });
        node.Answers.Get = (_, _) => ended;
        using var client = node.Client();
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => client.Workflow("a").ResultAsync<int>());
        Assert.Equal((state, "first", 3, "TASK_FAILED", "no disk"), (failure.State, failure.FailedTask!.Id, failure.Attempt, failure.Error!.Code, failure.Error.Message));
        Assert.Equal(ended, failure.Workflow);
        Assert.EndsWith($"(hello) ended {state.ToString().ToUpperInvariant()}: task 'first' failed in attempt 3: TASK_FAILED: no disk (and 1 more)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(state, (await client.Workflow("a").EndAsync()).State);
    }

    [Fact]
    public async Task A_cancelled_workflow_throws_though_no_task_failed()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, _) =>
        {
            var ended = Ended("", WorkflowState.Cancelled);
            ended.Tasks.Clear();
            return ended;
        };
        using var client = node.Client();
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => client.Workflow("a").ResultAsync());
        Assert.Equal((WorkflowState.Cancelled, null, 0, null), (failure.State, failure.FailedTask, failure.Attempt, failure.Error));
        Assert.Contains("ended CANCELLED.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handle_of_a_known_id_looks_watches_and_cancels_in_its_namespace()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client();
        var handle = client.Workflow("a", "team");
        Assert.Equal("team", handle.Namespace);
        Assert.Equal(WorkflowState.Succeeded, (await handle.StatusAsync()).State);
        Assert.Equal(("a", "team", 0), (node.Answers.Asked[0].WorkflowId, node.Answers.Asked[0].Namespace, node.Answers.Asked[0].WaitMs));
        Assert.Equal(WorkflowState.Running, await handle.CancelAsync());
        var last = WorkflowState.Unspecified;
        await foreach (var workflow in handle.WatchAsync()) last = workflow.State;
        Assert.Equal(WorkflowState.Succeeded, last);
        Assert.Equal("team", Assert.Single(node.Answers.Watched).Namespace);
        Assert.Throws<ArgumentException>(() => client.Workflow(""));
    }

    [Fact]
    public async Task A_submission_with_a_known_key_gives_a_handle_that_says_so()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Submit = static _ => new SubmitWorkflowResponse { WorkflowId = FakeNode.WorkflowId, Existing = true };
        using var client = node.Client();
        Assert.True((await client.StartAsync(new SubmitWorkflowRequest { IdempotencyKey = "mine", Namespace = "team" })).IsExisting);
    }

    [Fact]
    public async Task Waiting_for_a_result_can_be_cancelled()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Gate = new TaskCompletionSource().Task;
        using var client = node.Client();
        using var stop = new CancellationTokenSource();
        var result = client.Workflow("a").ResultAsync<int>(cancel: stop.Token);
        await node.Answers.Called.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => result.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static Workflow Ended(string output, WorkflowState state = WorkflowState.Succeeded)
    {
        var workflow = FakeNode.Finished(state);
        workflow.OutputJson = output;
        return workflow;
    }

    private sealed record Totals(int Total, string[] Names);

    [JsonSerializable(typeof(Totals))]
    private sealed partial class Contracts : JsonSerializerContext;
}
