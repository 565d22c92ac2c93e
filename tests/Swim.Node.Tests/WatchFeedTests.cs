using Google.Protobuf;
using Grpc.Core;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Swim.Node.Grpc;
using Xunit;
using AckLevel = Swim.Core.Replication.AckLevel;
using TaskState = Swim.Core.Workflows.TaskState;
using WorkflowState = Swim.Core.Workflows.WorkflowState;

namespace Swim.Node.Tests;

/// <summary>What a follower is told.</summary>
public sealed class WatchFeedTests
{
    [Fact]
    public void First_a_snapshot_then_only_what_changed()
    {
        var feed = new WatchFeed(ByteString.Empty);
        Assert.Equal(2, feed.Next(View(WorkflowState.Running, TaskState.Running, TaskState.Pending))!.Snapshot.Tasks.Count);
        var delta = feed.Next(View(WorkflowState.Running, TaskState.Succeeded, TaskState.Pending))!.Delta;
        Assert.Equal("t0", Assert.Single(delta.Tasks).Id);
        Assert.False(feed.HasEnded);
        Assert.Equal("t1", Assert.Single(feed.Next(View(WorkflowState.Succeeded, TaskState.Succeeded, TaskState.Succeeded))!.Delta.Tasks).Id);
        Assert.True(feed.HasEnded);
    }

    [Fact]
    public void What_was_told_is_not_told_again_here_or_at_another_node()
    {
        var feed = new WatchFeed(ByteString.Empty);
        var token = feed.Next(View(WorkflowState.Running, TaskState.Running, TaskState.Pending))!.ResumeToken;
        Assert.Null(feed.Next(View(WorkflowState.Running, TaskState.Running, TaskState.Pending)));
        var elsewhere = new WatchFeed(token);
        Assert.Null(elsewhere.Next(View(WorkflowState.Running, TaskState.Running, TaskState.Pending)));
        // What came meanwhile cannot be told as a delta there, so it comes whole.
        Assert.NotNull(elsewhere.Next(View(WorkflowState.Running, TaskState.Succeeded, TaskState.Pending))!.Snapshot);
    }

    [Fact]
    public void An_owner_that_lags_is_not_believed_until_it_has_caught_up()
    {
        var feed = new WatchFeed(ByteString.Empty);
        feed.Next(View(WorkflowState.Running, TaskState.Succeeded, TaskState.Running));
        Assert.Null(feed.Next(View(WorkflowState.Running, TaskState.Running, TaskState.Pending)));
        Assert.True(feed.IsBehind);
        Assert.NotNull(feed.Next(View(WorkflowState.Succeeded, TaskState.Succeeded, TaskState.Succeeded)));
        Assert.False(feed.IsBehind);
    }

    [Fact]
    public void A_task_that_waited_is_told_as_skipped()
    {
        var feed = new WatchFeed(ByteString.Empty);
        feed.Next(View(WorkflowState.Running, TaskState.Running, TaskState.Pending));
        var delta = feed.Next(View(WorkflowState.Failed, TaskState.Failed, TaskState.Skipped))!.Delta;
        Assert.Equal(["t0", "t1"], delta.Tasks.Select(static task => task.Id));
        Assert.True(feed.HasEnded);
    }

    [Fact]
    public void A_task_that_is_skipped_no_longer_is_news()
    {
        var feed = new WatchFeed(ByteString.Empty);
        feed.Next(View(WorkflowState.Running, TaskState.Failed, TaskState.Skipped, TaskState.Running));
        var delta = feed.Next(View(WorkflowState.Running, TaskState.Succeeded, TaskState.Pending, TaskState.Running))!.Delta;
        Assert.Equal(["t0", "t1"], delta.Tasks.Select(static task => task.Id));
        Assert.Null(feed.Next(View(WorkflowState.Running, TaskState.Failed, TaskState.Skipped, TaskState.Running)));
        Assert.True(feed.IsBehind);
    }

    [Fact]
    public void A_new_generation_of_a_task_is_news_and_the_one_before_is_not()
    {
        var feed = new WatchFeed(ByteString.Empty);
        var before = View(WorkflowState.Running, TaskState.Succeeded, TaskState.Running);
        feed.Next(before);
        var opened = View(WorkflowState.Running, TaskState.Pending, TaskState.Running);
        opened = opened with { Tasks = [opened.Tasks[0] with { Generation = 1 }, opened.Tasks[1]] };
        Assert.Equal(1, Assert.Single(feed.Next(opened)!.Delta.Tasks).Generation);
        Assert.Null(feed.Next(before));
        Assert.True(feed.IsBehind);
    }

    [Fact]
    public void A_token_that_no_node_gave_is_refused() =>
        Assert.Equal(StatusCode.InvalidArgument, Assert.Throws<RpcException>(() => new WatchFeed(ByteString.CopyFromUtf8("x"))).StatusCode);

    private static WorkflowView View(WorkflowState state, params TaskState[] tasks) => new(
        new WorkflowId(1, 2), "default", "name", state,
        [.. tasks.Select(static (task, index) => new TaskView($"t{index}", "builtin:echo", [], task, 1, new NodeId(7), default, 0, null, null, false, 1, 2))],
        default, 1, 3, 4, AckLevel.K);
}
