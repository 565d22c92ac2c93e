using Grpc.Core;
using Microsoft.Extensions.Logging;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests;

/// <summary>Single calls against servers that refuse for a while, are slow, cut the connection or answer when it is too late.</summary>
public sealed class FaultyServerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_submission_is_tried_again_while_the_server_is_unavailable_always_with_the_same_key()
    {
        await using var node = await FakeNode.StartAsync();
        var refusals = 3;
        node.Answers.Submit = _ => refusals-- > 0 ? throw Unavailable() : new SubmitWorkflowResponse { WorkflowId = FakeNode.WorkflowId };
        using var client = node.Client();
        Assert.Equal(FakeNode.WorkflowId, (await client.SubmitAsync(new SubmitWorkflowRequest { Document = "x" })).WorkflowId);
        Assert.Equal(4, node.Answers.Submitted.Count);
        Assert.NotEmpty(Assert.Single(node.Answers.Submitted.Select(request => request.IdempotencyKey).Distinct()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_call_goes_over_the_servers_as_often_as_the_options_say_and_no_more(int rounds)
    {
        await using var node = await FakeNode.StartAsync();
        await using var other = await FakeNode.StartAsync();
        node.Answers.Get = other.Answers.Get = (_, _) => throw Unavailable();
        using var client = new SwimClient(node.Options(other.Address) with { RoundsMax = rounds });
        Assert.Equal("NO_REPLICA_REACHABLE", (await Assert.ThrowsAsync<SwimException>(() => client.GetAsync("a"))).Code);
        Assert.Equal((rounds, rounds), (other.Answers.Asked.Count, node.Answers.Asked.Count));
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.AlreadyExists)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.DataLoss)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task What_a_server_refuses_for_another_reason_is_asked_once(StatusCode status)
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Submit = _ => throw new RpcException(new Status(status, "no"));
        using var client = node.Client();
        Assert.Equal(status, (await Assert.ThrowsAsync<SwimException>(() => client.SubmitAsync(new SubmitWorkflowRequest()))).Status);
        Assert.Single(node.Answers.Submitted);
    }

    [Fact]
    public async Task A_pause_that_is_longer_than_the_time_left_is_not_made()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, _) => throw FakeNode.Refusal(StatusCode.Unavailable, "STARTING", "later", true, retryAfterMs: 3_600_000);
        using var client = node.Client();
        var failure = await Assert.ThrowsAsync<SwimException>(() => client.GetAsync("a")).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(("STARTING", TimeSpan.FromHours(1)), (failure.Code, failure.RetryAfter));
        Assert.Single(node.Answers.Asked);
    }

    [Fact]
    public async Task The_time_of_a_call_is_one_budget_over_all_its_tries()
    {
        await using var node = await FakeNode.StartAsync();
        await using var other = await FakeNode.StartAsync();
        node.Answers.Gate = other.Answers.Gate = new TaskCompletionSource().Task;
        using var client = new SwimClient(node.Options(other.Address) with { CallTimeout = TimeSpan.FromSeconds(2), ServerTimeout = TimeSpan.FromDays(1) });
        var failure = await Assert.ThrowsAsync<SwimException>(() => client.GetAsync("a")).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(("TIMEOUT", StatusCode.DeadlineExceeded, true), (failure.Code, failure.Status, failure.Retryable));
        Assert.Single(other.Answers.Asked);
        Assert.Empty(node.Answers.Asked);
    }

    [Fact]
    public async Task A_cluster_that_is_slow_as_a_whole_gets_more_time_in_each_round()
    {
        await using var node = await FakeNode.StartAsync();
        await using var other = await FakeNode.StartAsync();
        var gate = new TaskCompletionSource();
        node.Answers.Gate = other.Answers.Gate = gate.Task;
        using var client = new SwimClient(node.Options(other.Address) with { ServerTimeout = Short });
        var answer = client.GetAsync("a");
        await TestWait.UntilAsync(() => other.Answers.AskedCount >= 2);
        gate.SetResult();
        Assert.Equal(WorkflowState.Succeeded, (await answer).State);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_costs_no_second_workflow()
    {
        await using var late = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        var gate = new TaskCompletionSource();
        (late.Answers.Gate, late.Answers.HeedsCallers) = (gate.Task, false);
        // The late one did store it: the key is known when the next is asked.
        node.Answers.Submit = _ => new SubmitWorkflowResponse { WorkflowId = FakeNode.WorkflowId, Existing = true };
        using var client = new SwimClient(node.Options(late.Address) with { ServerTimeout = Short });
        var submitted = await client.SubmitAsync(new SubmitWorkflowRequest { Document = "x" });
        gate.SetResult();
        Assert.Equal((FakeNode.WorkflowId, false), (submitted.WorkflowId, submitted.Existing));
        // A slow machine may need more tries, but never another key.
        Assert.NotEmpty(late.Answers.Submitted);
        Assert.NotEmpty(node.Answers.Submitted);
        Assert.Single(late.Answers.Submitted.Concat(node.Answers.Submitted).Select(request => request.IdempotencyKey).Distinct());
        var known = await client.SubmitAsync(new SubmitWorkflowRequest { Document = "x", IdempotencyKey = "mine" });
        Assert.True(known.Existing);
    }

    [Fact]
    public async Task A_connection_cut_before_the_answer_sends_the_call_to_the_next_server()
    {
        await using var cutting = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        cutting.Answers.Before = context => context.GetHttpContext().Abort();
        using var client = node.Client(cutting.Address);
        await client.SubmitAsync(new SubmitWorkflowRequest { Document = "x" });
        Assert.Equal(Assert.Single(cutting.Answers.Submitted).IdempotencyKey, Assert.Single(node.Answers.Submitted).IdempotencyKey);
    }

    [Fact]
    public async Task What_a_server_said_is_told_rather_than_that_another_was_away()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, _) => throw Unavailable();
        foreach (var servers in new ServerAddress[][] { [FakeNode.NobodyAt(), node.Address], [node.Address, FakeNode.NobodyAt()] })
        {
            using var client = new SwimClient(node.Options() with { Servers = servers });
            Assert.Equal("NO_REPLICA_REACHABLE", (await Assert.ThrowsAsync<SwimException>(() => client.GetAsync("a"))).Code);
        }
    }

    [Fact]
    public async Task A_drain_that_fails_is_not_taken_to_another_node()
    {
        await using var failing = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        failing.Answers.Drain = _ => throw Unavailable();
        using var client = node.Client(failing.Address);
        Assert.Equal("NO_REPLICA_REACHABLE", (await Assert.ThrowsAsync<SwimException>(() => client.DrainAsync(new DrainRequest()))).Code);
        Assert.Equal((1, 0), (failing.Answers.Drained, node.Answers.Drained));
    }

    [Fact]
    public async Task Cancelling_during_a_pause_ends_the_call_at_once()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Get = (_, _) => throw Unavailable();
        using var client = new SwimClient(node.Options() with { BackoffMin = TimeSpan.FromMinutes(5), BackoffMax = TimeSpan.FromMinutes(5), CallTimeout = TimeSpan.FromHours(1) });
        using var stop = new CancellationTokenSource();
        var call = client.GetAsync("a", cancel: stop.Token);
        await node.Answers.Called.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_cancelled_token_asks_nobody()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = node.Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("a", cancel: new CancellationToken(true)));
        Assert.Empty(node.Answers.Asked);
    }

    [Fact]
    public async Task Disposing_ends_calls_under_way_and_refuses_new_ones()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.Gate = new TaskCompletionSource().Task;
        var client = node.Client();
        var call = client.GetAsync("a");
        await node.Answers.Called.Task;
        client.Dispose();
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(TimeSpan.FromSeconds(20)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetAsync("a"));
        Assert.Single(node.Answers.Asked);
    }

    [Fact]
    public async Task A_failure_of_a_server_is_logged_with_its_address_and_code()
    {
        await using var failing = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        failing.Answers.Get = (_, _) => throw Unavailable();
        using var loggers = new ListLoggers();
        using var client = new SwimClient(node.Options(failing.Address), loggers);
        await client.GetAsync("a");
        Assert.Contains(loggers.Lines, line => line.StartsWith($"{LogLevel.Warning} Swim.Client.SwimClient", StringComparison.Ordinal)
            && line.Contains($"{failing.Address} failed: NO_REPLICA_REACHABLE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(30_001)]
    public async Task A_wait_that_no_server_grants_is_refused_here(int waitMs)
    {
        using var client = new SwimClient();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.GetAsync("a", wait: TimeSpan.FromMilliseconds(waitMs)));
    }

    private static RpcException Unavailable() => FakeNode.Refusal(StatusCode.Unavailable, "NO_REPLICA_REACHABLE", "none", true);
}
