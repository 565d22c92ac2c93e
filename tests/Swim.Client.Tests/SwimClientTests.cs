using Grpc.Core;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests;

public sealed class SwimClientTests
{
    [Fact]
    public async Task A_submission_without_a_key_gets_one_and_leaves_the_request_as_it_was()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client();
        var request = new SubmitWorkflowRequest { Document = "x" };
        await client.SubmitAsync(request);
        await client.SubmitAsync(request);
        Assert.Empty(request.IdempotencyKey);
        var keys = node.Answers.Submitted.Select(submitted => submitted.IdempotencyKey).ToList();
        Assert.DoesNotContain("", keys);
        Assert.Equal(2, keys.Distinct().Count());
    }

    [Fact]
    public async Task A_given_key_is_sent_as_it_is()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client();
        await client.SubmitAsync(new SubmitWorkflowRequest { IdempotencyKey = "mine" });
        Assert.Equal("mine", Assert.Single(node.Answers.Submitted).IdempotencyKey);
    }

    [Fact]
    public async Task An_unreachable_server_is_passed_over()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client(FakeNode.NobodyAt());
        Assert.Equal(FakeNode.WorkflowId, (await client.SubmitAsync(new SubmitWorkflowRequest())).WorkflowId);
    }

    [Fact]
    public async Task A_submission_refused_as_unavailable_goes_to_the_next_server_with_the_same_key()
    {
        await using var full = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        full.Answers.Submit = _ => throw FakeNode.Refusal(StatusCode.Unavailable, "NO_REPLICA_REACHABLE", "none");
        using var client = node.Client(full.Address);
        await client.SubmitAsync(new SubmitWorkflowRequest());
        Assert.Equal(Assert.Single(full.Answers.Submitted).IdempotencyKey, Assert.Single(node.Answers.Submitted).IdempotencyKey);
    }

    [Fact]
    public async Task The_server_that_answered_is_asked_first_from_then_on()
    {
        await using var first = await FakeNode.StartAsync();
        await using var second = await FakeNode.StartAsync();
        first.Answers.Get = (_, _) => throw FakeNode.Refusal(StatusCode.Unavailable, "NOT_READY", "starting");
        using var client = second.Client(first.Address);
        await client.GetAsync("a");
        await client.GetAsync("b");
        Assert.Single(first.Answers.Asked);
        Assert.Equal(2, second.Answers.Asked.Count);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_left_for_the_next()
    {
        await using var slow = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        slow.Answers.Gate = new TaskCompletionSource().Task;
        using var client = new SwimClient(new SwimClientOptions { Servers = [slow.Address, node.Address], ServerTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(WorkflowState.Succeeded, (await client.GetAsync("a")).State);
        Assert.NotEmpty(slow.Answers.Asked);
    }

    [Fact]
    public async Task A_refusal_is_not_taken_to_another_server_and_keeps_its_parts()
    {
        await using var refusing = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        refusing.Answers.Submit = _ => throw FakeNode.Refusal(StatusCode.ResourceExhausted, "INBOX_FULL", "Full: try later.", true, 750);
        using var client = node.Client(refusing.Address);
        var failure = await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(new SubmitWorkflowRequest()));
        Assert.Equal((StatusCode.ResourceExhausted, "INBOX_FULL", "Full: try later.", true), (failure.Status, failure.Code, failure.Message, failure.Retryable));
        Assert.Equal(TimeSpan.FromMilliseconds(750), failure.RetryAfter);
        Assert.Empty(node.Answers.Submitted);
    }

    [Fact]
    public async Task A_refusal_without_details_or_with_broken_ones_still_has_a_code()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client();
        foreach (var trailers in new[] { Metadata.Empty, new Metadata { { "swim-error-bin", new byte[] { 0xff, 1, 2 } } } })
        {
            node.Answers.Get = (_, _) => throw new RpcException(new Status(StatusCode.FailedPrecondition, "no"), trailers);
            var failure = await Assert.ThrowsAsync<SwimException>(() => client.GetAsync("a"));
            Assert.Equal(("FAILED_PRECONDITION", false), (failure.Code, failure.Retryable));
        }
    }

    [Fact]
    public async Task Where_nobody_answers_every_server_is_named()
    {
        var (one, other) = (FakeNode.NobodyAt(), FakeNode.NobodyAt());
        using var client = new SwimClient(new SwimClientOptions { Servers = [one, other] });
        var failure = await Assert.ThrowsAsync<SwimException>(() => client.MembersAsync());
        Assert.Equal((StatusCode.Unavailable, "UNREACHABLE", true), (failure.Status, failure.Code, failure.Retryable));
        Assert.Contains(one.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains(other.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_dies_during_a_call_is_left_for_the_next()
    {
        var dying = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        dying.Answers.Gate = new TaskCompletionSource().Task;
        using var client = node.Client(dying.Address);
        var answer = client.GetAsync("a", wait: TimeSpan.FromSeconds(20));
        await dying.Answers.Called.Task;
        await dying.DisposeAsync();
        Assert.Equal(WorkflowState.Succeeded, (await answer.WaitAsync(TimeSpan.FromSeconds(10))).State);
    }

    [Fact]
    public async Task Following_asks_until_the_workflow_has_ended()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, count) => count < 3 ? FakeNode.Running() : FakeNode.Finished(WorkflowState.Partial);
        using var client = node.Client();
        Assert.Equal(WorkflowState.Partial, (await client.RunAsync(new SubmitWorkflowRequest())).State);
        Assert.Equal(3, node.Answers.Asked.Count);
        Assert.All(node.Answers.Asked, asked => Assert.InRange(asked.WaitMs, 1, 30_000));
    }

    [Fact]
    public async Task Following_outlasts_a_server_that_is_away_for_a_while()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, count) => count < 3 ? throw FakeNode.Refusal(StatusCode.Unavailable, "NO_REPLICA_REACHABLE", "none", true) : FakeNode.Finished();
        using var client = node.Client();
        Assert.Equal(WorkflowState.Succeeded, (await client.WaitAsync("a")).State);
        Assert.Equal(3, node.Answers.Asked.Count);
    }

    [Fact]
    public async Task Following_gives_up_when_its_patience_is_over_and_at_once_on_a_refusal()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = new SwimClient(new SwimClientOptions { Servers = [node.Address], FollowPatience = TimeSpan.Zero });
        node.Answers.Get = (_, _) => throw FakeNode.Refusal(StatusCode.Unavailable, "NO_REPLICA_REACHABLE", "none", true);
        Assert.Equal("NO_REPLICA_REACHABLE", (await Assert.ThrowsAsync<SwimException>(() => client.WaitAsync("a"))).Code);
        node.Answers.Get = (_, _) => throw FakeNode.Refusal(StatusCode.NotFound, "WORKFLOW_NOT_FOUND", "no such workflow");
        using var patient = node.Client();
        Assert.Equal("WORKFLOW_NOT_FOUND", (await Assert.ThrowsAsync<SwimException>(() => patient.WaitAsync("a"))).Code);
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_call_as_cancelled()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Gate = new TaskCompletionSource().Task;
        using var client = node.Client();
        using var stop = new CancellationTokenSource();
        var call = client.StatusAsync(stop.Token);
        await node.Answers.Called.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Faulty_options_are_refused_with_all_faults()
    {
        var options = new SwimClientOptions { Servers = [], CallTimeout = TimeSpan.Zero };
        var fault = Assert.Throws<ArgumentException>(() => new SwimClient(options));
        Assert.Contains(nameof(SwimClientOptions.Servers), fault.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SwimClientOptions.CallTimeout), fault.Message, StringComparison.Ordinal);
    }
}
