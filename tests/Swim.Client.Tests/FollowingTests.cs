using Google.Protobuf;
using Grpc.Core;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests;

/// <summary>Following a workflow over servers that break off, say nothing or make no sense.</summary>
public sealed class FollowingTests
{
    private static readonly WatchWorkflowResponse First = new() { Snapshot = FakeNode.Running(), ResumeToken = ByteString.CopyFromUtf8("first") };

    private static readonly WatchWorkflowResponse Last = new()
    {
        Delta = new WorkflowDelta { State = WorkflowState.Succeeded, OutputJson = "7", Tasks = { new V1.Task { Id = "t1", State = TaskState.Succeeded } } },
        ResumeToken = ByteString.CopyFromUtf8("last"),
    };

    [Fact]
    public async Task A_stream_cut_in_the_middle_goes_on_at_the_next_server_from_its_token()
    {
        await using var cutting = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        var wasRead = new TaskCompletionSource();
        cutting.Answers.WatchCall = async (_, events, context) =>
        {
            await events.WriteAsync(First);
            await wasRead.Task;
            context.GetHttpContext().Abort();
        };
        node.Answers.WatchCall = (_, events, _) => events.WriteAsync(new WatchWorkflowResponse { Snapshot = FakeNode.Finished(), ResumeToken = ByteString.CopyFromUtf8("x") });
        using var client = node.Client(cutting.Address);
        Assert.Equal([WorkflowState.Running, WorkflowState.Succeeded], (await ReadAsync(client, wasRead)).Select(workflow => workflow.State));
        Assert.Equal("", Assert.Single(cutting.Answers.Watched).ResumeToken.ToStringUtf8());
        Assert.Equal("first", Assert.Single(node.Answers.Watched).ResumeToken.ToStringUtf8());
    }

    [Fact]
    public async Task A_delta_changes_what_it_names_and_each_state_shown_is_a_copy()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.WatchCall = async (_, events, _) =>
        {
            await events.WriteAsync(First);
            await events.WriteAsync(Last);
        };
        using var client = node.Client();
        var seen = await ReadAsync(client);
        Assert.Equal(First.Snapshot, seen[0]);
        Assert.Equal((WorkflowState.Succeeded, "7"), (seen[1].State, seen[1].OutputJson));
        Assert.Equal([TaskState.Succeeded, TaskState.Pending], seen[1].Tasks.Select(task => task.State));
    }

    [Fact]
    public async Task A_server_that_accepts_no_stream_is_left_for_the_next()
    {
        await using var silent = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        silent.Answers.Gate = new TaskCompletionSource().Task;
        using var client = new SwimClient(node.Options(silent.Address) with { ServerTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(WorkflowState.Succeeded, (await ReadAsync(client))[^1].State);
        Assert.NotEmpty(silent.Answers.Watched);
    }

    [Fact]
    public async Task A_server_with_too_much_to_do_is_left_for_the_next()
    {
        await using var busy = await FakeNode.StartAsync();
        await using var node = await FakeNode.StartAsync();
        busy.Answers.WatchCall = (_, _, _) => throw FakeNode.Refusal(StatusCode.ResourceExhausted, "BUSY", "ask another", true);
        using var client = node.Client(busy.Address);
        Assert.Equal(WorkflowState.Succeeded, (await ReadAsync(client))[^1].State);
        Assert.Single(busy.Answers.Watched);
    }

    [Fact]
    public async Task A_quiet_time_that_exceeds_the_patience_does_not_use_it_up()
    {
        await using var node = await FakeNode.StartAsync();
        var wasRead = new TaskCompletionSource();
        node.Answers.WatchCall = async (count, events, context) =>
        {
            switch (count)
            {
                case 1:
                    await events.WriteAsync(First);
                    await wasRead.Task;
                    context.GetHttpContext().Abort();
                    break;
                case 2:
                    // Accepted, and nothing to tell for longer than the patience lasts.
                    await context.WriteResponseHeadersAsync([]);
                    await Task.Delay(TimeSpan.FromSeconds(3), context.CancellationToken);
                    context.GetHttpContext().Abort();
                    break;
                default:
                    await events.WriteAsync(Last);
                    break;
            }
        };
        using var client = new SwimClient(node.Options() with { FollowPatience = TimeSpan.FromSeconds(1) });
        Assert.Equal("7", (await ReadAsync(client, wasRead))[^1].OutputJson);
    }

    [Fact]
    public async Task Servers_that_make_no_sense_are_endured_only_for_so_long()
    {
        await using var node = await FakeNode.StartAsync();
        using var client = new SwimClient(node.Options() with { FollowPatience = TimeSpan.FromMilliseconds(200) });
        foreach (var news in new WatchWorkflowResponse?[] { null, new(), Last })
        {
            node.Answers.WatchCall = (_, events, _) => news is null ? Task.CompletedTask : events.WriteAsync(news);
            Assert.Equal("BAD_ANSWER", (await Assert.ThrowsAsync<SwimException>(() => ReadAsync(client))).Code);
        }
    }

    [Fact]
    public async Task A_refusal_ends_following_at_once()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.WatchCall = (_, _, _) => throw FakeNode.Refusal(StatusCode.NotFound, "NOT_FOUND", "no such workflow");
        using var client = node.Client();
        Assert.Equal("NOT_FOUND", (await Assert.ThrowsAsync<SwimException>(() => ReadAsync(client))).Code);
        Assert.Single(node.Answers.Watched);
    }

    [Fact]
    public async Task A_reader_who_stops_ends_the_stream_at_the_server()
    {
        await using var node = await FakeNode.StartAsync();
        var ended = new TaskCompletionSource();
        node.Answers.WatchCall = async (_, events, context) =>
        {
            await events.WriteAsync(First);
            using var left = context.CancellationToken.Register(ended.SetResult);
            await ended.Task;
        };
        using var client = node.Client();
        await foreach (var workflow in client.WatchAsync("a")) break;
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Cancelling_ends_following_as_cancelled()
    {
        await using var node = await FakeNode.StartAsync();
        node.Answers.WatchCall = async (_, events, context) =>
        {
            await events.WriteAsync(First);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        using var client = node.Client();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var workflow in client.WatchAsync("a", cancel: stop.Token)) await stop.CancelAsync();
        });
    }

    private static async Task<List<Workflow>> ReadAsync(SwimClient client, TaskCompletionSource? wasRead = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<Workflow>();
        await foreach (var workflow in client.WatchAsync("a", cancel: limit.Token))
        {
            seen.Add(workflow);
            wasRead?.TrySetResult();
        }

        return seen;
    }
}
