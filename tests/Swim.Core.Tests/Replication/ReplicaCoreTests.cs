using System.Text;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

public sealed class ReplicaCoreTests
{
    private const string Diamond = """
        {"name":"d","tasks":[
          {"id":"t1","tool":"builtin:echo","arguments":{"value":2}},
          {"id":"t2","tool":"builtin:delay","arguments":{"ms":100,"value":3}},
          {"id":"t3","tool":"builtin:sum","arguments":{"values":["$OUTPUT[t1]","$OUTPUT[t2]"]}},
          {"id":"t4","tool":"builtin:echo","arguments":{"value":"$OUTPUT[t3]"}},
          {"id":"t5","tool":"builtin:concat","arguments":{"values":["$OUTPUT[t3]","$OUTPUT[t4]"],"separator":"-"}}],
         "output":"$OUTPUT[t5]"}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_workflow_runs_to_its_end_and_every_node_shows_the_same(int nodes)
    {
        var cluster = new KernelCluster(nodes);
        var submit = KernelCluster.Submission(Diamond);
        var submitted = Assert.IsType<Submitted>(cluster.Ask(1, submit));
        Assert.False(submitted.Existing);
        Assert.True(submitted.Acked >= AckLevel.K);
        for (var node = 1; node <= nodes; node++)
        {
            var view = Assert.IsType<Shown>(cluster.Ask(node, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(5)))).View;
            Assert.Equal(WorkflowState.Succeeded, view.State);
            Assert.Equal("\"5-5\"", Encoding.UTF8.GetString(view.Output.Span));
            Assert.Equal(4, view.Layers);
        }

        Assert.Equal(5, cluster.Started);
    }

    [Fact]
    public void The_same_key_gives_the_same_workflow_from_any_node_and_another_document_is_refused()
    {
        var cluster = new KernelCluster(5);
        var submit = KernelCluster.Submission(Diamond);
        cluster.Ask(1, submit);
        var again = Assert.IsType<Submitted>(cluster.Ask(4, submit));
        Assert.True(again.Existing);
        Assert.Equal(submit.Id, again.Id);
        var other = KernelCluster.Submission(Diamond.Replace("\"d\"", "\"e\"", StringComparison.Ordinal));
        var refused = Assert.IsType<Refused>(cluster.Ask(2, other));
        Assert.Equal(RefusalReason.AlreadyExists, refused.Reason);
        Assert.Contains(submit.Id.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_workflow_is_not_found()
    {
        var cluster = new KernelCluster(5);
        var refused = Assert.IsType<Refused>(cluster.Ask(3, new GetCommand("default", new WorkflowId(1, 2), TimeSpan.Zero)));
        Assert.Equal(RefusalReason.NotFound, refused.Reason);
    }

    [Fact]
    public void A_failure_is_retried_as_often_as_asked_and_skips_what_depends_on_it()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission("""
            {"name":"f","tasks":[
              {"id":"a","tool":"builtin:fail","arguments":{"message":"no","retryable":true},"retry":{"max_attempts":3,"backoff_ms":10}},
              {"id":"b","tool":"builtin:echo","arguments":{"value":1},"depends_on":["a"]},
              {"id":"c","tool":"builtin:echo","arguments":{"value":1}}]}
            """);
        cluster.Ask(1, submit);
        var view = Assert.IsType<Shown>(cluster.Ask(2, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(5)))).View;
        Assert.Equal(WorkflowState.Partial, view.State);
        Assert.Equal([TaskState.Failed, TaskState.Skipped, TaskState.Succeeded], view.Tasks.Select(task => task.State));
        Assert.Equal(3, view.Tasks[0].Attempt);
        Assert.Equal("Dependency a failed", view.Tasks[1].ErrorMessage);
    }

    [Theory]
    [InlineData(0, 200, 400)]
    [InlineData(100, 200, 400)]
    [InlineData(1_500, 1_500, 1_900)]
    [InlineData(86_400_000, 2_000, 2_400)]
    public void A_tool_that_was_told_to_wait_is_given_the_wait_up_to_the_longest_of_the_policy(long retryAfterMs, long leastMs, long mostMs)
    {
        var cluster = new KernelCluster(3) { RetryAfterMs = retryAfterMs };
        var submit = KernelCluster.Submission("""
            {"name":"w","tasks":[{"id":"a","tool":"builtin:fail","arguments":{"message":"no","retryable":true},
              "retry":{"max_attempts":2,"backoff_ms":200,"max_backoff_ms":2000}}]}
            """);
        cluster.Ask(1, submit);
        Assert.IsType<Shown>(cluster.Ask(2, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(20)), 30_000));
        Assert.Equal(2, cluster.StartsMs.Count);
        Assert.InRange(cluster.StartsMs[1] - cluster.StartsMs[0], leastMs, mostMs);
    }

    [Fact]
    public void A_cancelled_workflow_starts_nothing_more_and_ends()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission("""
            {"name":"c","tasks":[
              {"id":"a","tool":"builtin:delay","arguments":{"ms":300}},
              {"id":"b","tool":"builtin:echo","arguments":{"value":1},"depends_on":["a"]}]}
            """);
        cluster.Ask(1, submit);
        Assert.IsType<CancelAccepted>(cluster.Ask(2, new CancelCommand("default", submit.Id)));
        var view = Assert.IsType<Shown>(cluster.Ask(3, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(20)), 30_000)).View;
        Assert.Equal(WorkflowState.Cancelled, view.State);
        Assert.Equal(TaskState.Cancelled, view.Tasks[1].State);
        Assert.Equal(1, cluster.Started);
    }

    [Fact]
    public void A_dead_planner_and_executor_are_replaced_and_the_copies_end_equal()
    {
        var cluster = new KernelCluster(5);
        var submit = KernelCluster.Submission("""
            {"name":"k","tasks":[
              {"id":"a","tool":"builtin:delay","arguments":{"ms":2000,"value":1}},
              {"id":"b","tool":"builtin:delay","arguments":{"ms":2000,"value":2}},
              {"id":"c","tool":"builtin:delay","arguments":{"ms":2000,"value":3}},
              {"id":"s","tool":"builtin:sum","arguments":{"values":["$OUTPUT[a]","$OUTPUT[b]","$OUTPUT[c]"]}}],
             "output":"$OUTPUT[s]"}
            """);
        Assert.Equal(AckLevel.K, Assert.IsType<Submitted>(cluster.Ask(1, submit)).Acked);
        cluster.RunFor(200);
        var owners = cluster.Replicas.Where(replica => replica.Value.Peek(submit.Id) is not null).Select(replica => replica.Key).ToList();
        Assert.Equal(3, owners.Count);
        var dead = (int)owners[0].Value;
        cluster.Kill(dead);
        var reader = dead == 1 ? 2 : 1;
        var view = Assert.IsType<Shown>(cluster.Ask(reader, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(20)), 30_000)).View;
        Assert.Equal(WorkflowState.Succeeded, view.State);
        Assert.Equal("6", Encoding.UTF8.GetString(view.Output.Span));
        cluster.RunFor(10_000);
        var bucket = Buckets.BucketOf(submit.Id.Place);
        var digests = owners.Skip(1).Select(owner => cluster.Replicas[owner].DigestOf(bucket)).Distinct();
        Assert.Single(digests);
        Assert.NotEqual(0UL, digests.Single());
    }
}
