using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What a heal does where both sides of a split ran the same tasks and got different results.</summary>
public sealed class WinnerFlipTests
{
    [Fact]
    public void Accepted_a_consumer_of_the_loser_keeps_its_end_and_is_flagged_on_every_node()
    {
        var split = Healed("accept");

        foreach (var node in Enumerable.Range(1, 4))
        {
            var view = split.View(node);
            Assert.Equal(WorkflowState.Succeeded, view.State);
            Assert.Equal($"\"a@{split.Executor}\"", Text(view.Tasks[0]));
            Assert.DoesNotContain($"a@{split.Executor}@", Text(view.Tasks[1]), StringComparison.Ordinal);
            Assert.Equal(["a"], view.Tasks[1].StaleInputs);
            Assert.Empty(view.Tasks[2].StaleInputs);
        }
    }

    [Fact]
    public void The_report_says_who_ran_what_twice_which_won_and_why_and_who_was_given_the_loser()
    {
        var split = Healed("accept");

        var merges = split.View(1).Merges!;
        Assert.Equal(["a", "b", "c"], merges.Tasks.Select(static task => task.Task));
        var a = merges.Tasks[0];
        Assert.Equal((WinReason.Earlier, false, 2), (a.Why, a.IsSameResult, a.Runs.Count));
        Assert.Equal(split.Executor, (int)a.Runs[0].Executor.Value);
        Assert.False(split.IsNear((int)a.Runs[1].Executor.Value));
        Assert.True(a.Runs[0].Stamp < a.Runs[1].Stamp);
        var fed = Assert.Single(merges.Consumers, static consumer => consumer.Answer == FlipAnswer.Accepted);
        Assert.Equal(("b", 0), (fed.Task, fed.Generation));
        Assert.Equal(["a"], fed.Inputs);
        Assert.Equal(merges.Tasks.SelectMany(static task => task.Runs).Max(static run => run.Stamp.PhysicalMs), merges.LatestUnixMs);
    }

    [Fact]
    public void Every_node_shows_the_same_report_and_the_same_bytes()
    {
        var split = Healed("accept");

        Assert.Single(Enumerable.Range(1, 4).Select(node => ReplyCodec.HashOf(split.View(node) with { Durable = AckLevel.None })).Distinct());
        var bucket = Swim.Core.Ring.Buckets.BucketOf(split.Id.Place);
        Assert.Single(split.Holders.Select(node => split.Cluster.Replicas[new NodeId((ulong)node)].DigestOf(bucket)).Distinct());
    }

    [Fact]
    public void Rerun_gives_the_consumers_the_winner_one_after_the_other_in_a_new_generation()
    {
        var split = Healed("rerun");

        foreach (var node in Enumerable.Range(1, 4))
        {
            var view = split.View(node);
            Assert.Equal(WorkflowState.Succeeded, view.State);
            Assert.Equal($"\"a@{split.Executor}\"", Text(view.Tasks[0]));
            Assert.StartsWith($"\"a@{split.Executor}@", Text(view.Tasks[1]), StringComparison.Ordinal);
            Assert.StartsWith(Text(view.Tasks[1])[..^1] + "@", Text(view.Tasks[2]), StringComparison.Ordinal);
            Assert.All(view.Tasks, static task => Assert.Empty(task.StaleInputs));
        }

        foreach (var node in split.Holders) Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(task => split.Cells(node).StatusOf(task)!.Generation));
        Assert.Equal(["b", "c"], split.View(1).Merges!.Consumers.Where(static fed => fed.Answer == FlipAnswer.Rerun).Select(static fed => fed.Task).Distinct());
    }

    [Fact]
    public void Fail_ends_the_consumers_of_what_no_longer_stands()
    {
        var split = Healed("fail");

        foreach (var node in Enumerable.Range(1, 4))
        {
            var view = split.View(node);
            Assert.Equal(WorkflowState.Partial, view.State);
            Assert.Equal([TaskState.Succeeded, TaskState.Failed, TaskState.Failed], view.Tasks.Select(static task => task.State));
            Assert.All(view.Tasks.Skip(1), static task => Assert.Equal("WINNER_CHANGED", task.ErrorCode));
            Assert.Contains("'a'", view.Tasks[1].ErrorMessage, StringComparison.Ordinal);
        }

        Assert.Equal(["b", "c"], split.View(1).Merges!.Consumers.Where(static fed => fed.Answer == FlipAnswer.Failed).Select(static fed => fed.Task).Distinct());
    }

    [Theory]
    [InlineData(12_000)]
    [InlineData(1_000)]
    public void A_success_from_the_other_side_runs_a_workflow_on_that_had_ended_as_failed(int apartMs)
    {
        var split = new FlippedSplit("accept") { FarSideFails = true };
        split.RunApart(apartMs);
        var far = split.Holders.First(node => !split.IsNear(node));
        var before = split.View(far);
        Assert.Equal((WorkflowState.Failed, TaskState.Skipped), (before.State, before.Tasks[1].State));
        split.Heal();

        foreach (var node in Enumerable.Range(1, 4))
        {
            var view = split.View(node);
            Assert.Equal(WorkflowState.Succeeded, view.State);
            var a = Assert.Single(view.Merges!.Tasks, static task => task.Task == "a");
            Assert.Equal((WinReason.Rank, true), (a.Why, a.Runs[0].IsSuccess));
            Assert.Equal((false, "BROKEN"), (a.Runs[1].IsSuccess, a.Runs[1].ErrorCode));
        }

        Assert.All(split.Holders, node => Assert.Equal(0, split.Cells(node).StatusOf(1)!.Generation));
    }

    [Fact]
    public void An_owner_that_sees_a_winner_change_says_so()
    {
        var split = Healed("accept");

        var flips = split.Cluster.Notices.OfType<WinnerFlipped>().Where(flip => flip.Task == "a").ToList();
        Assert.NotEmpty(flips);
        Assert.All(flips, flip => Assert.Equal((split.Id, split.Executor), (flip.Workflow, (int)flip.ToExecutor.Value)));
        Assert.True(flips.Count <= split.Holders.Count(node => !split.IsNear(node)));
    }

    [Fact]
    public void A_list_of_merges_has_those_workflows_alone_and_none_from_before()
    {
        var split = Healed("accept");
        split.Cluster.Ask(2, KernelCluster.Submission("""{"name":"plain","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""", "other"));
        split.Cluster.RunFor(1_000);

        var listed = List(split, 0);
        var only = Assert.Single(listed.Workflows);
        Assert.Equal((split.Id, 3), (only.Place.Id, only.Merges!.TaskCount));
        Assert.True(listed.Missing.IsEmpty);
        Assert.Single(List(split, only.Merges.LatestUnixMs).Workflows);
        Assert.Empty(List(split, only.Merges.LatestUnixMs + 1).Workflows);
    }

    [Fact]
    public void Two_runs_of_one_side_that_gave_the_same_change_nothing_for_their_consumers()
    {
        var cluster = new KernelCluster(4);
        var id = Assert.IsType<Submitted>(cluster.Ask(1, KernelCluster.Submission(
            """{"on_winner_change":"fail","tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":3000,"value":1}},{"id":"b","tool":"builtin:echo","arguments":{"value":"$OUTPUT[a]"}}]}"""))).Id;
        cluster.RunFor(100);
        cluster.Cut(1, 2);
        cluster.RunFor(8_000);
        cluster.Heal();
        cluster.RunFor(8_000);

        var view = Assert.IsType<Shown>(cluster.Ask(3, new GetCommand("default", id, TimeSpan.Zero))).View;
        Assert.Equal(WorkflowState.Succeeded, view.State);
        Assert.True(Assert.Single(view.Merges!.Tasks, static task => task.Task == "a").IsSameResult);
        Assert.Empty(view.Merges.Consumers);
    }

    [Fact]
    public void Without_a_split_there_is_no_report()
    {
        var cluster = new KernelCluster(3);
        var id = Assert.IsType<Submitted>(cluster.Ask(1, KernelCluster.Submission(
            """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":"no"}},{"id":"b","tool":"builtin:fail","arguments":{"message":"$OUTPUT[a]","retryable":true},"retry":{"max_attempts":3,"backoff_ms":10}}]}"""))).Id;
        cluster.RunFor(3_000);

        var view = Assert.IsType<Shown>(cluster.Ask(2, new GetCommand("default", id, TimeSpan.Zero))).View;
        Assert.Equal((3, TaskState.Failed), (view.Tasks[1].Attempt, view.Tasks[1].State));
        Assert.Null(view.Merges);
    }

    private static Listed List(FlippedSplit split, long since) => Assert.IsType<Listed>(split.Cluster.Ask(
        1, new ListCommand("default", ListPlace.Start, 100, 0, "", "", Swim.Core.Ring.BucketSet.All()) { MergedSinceUnixMs = since }));

    private static FlippedSplit Healed(string policy)
    {
        var split = new FlippedSplit(policy);
        split.RunApart();
        split.Heal();
        return split;
    }

    private static string Text(TaskView task) => System.Text.Encoding.UTF8.GetString(task.Output.Span);
}
