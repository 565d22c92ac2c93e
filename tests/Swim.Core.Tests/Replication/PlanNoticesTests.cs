using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What planners tell their operators.</summary>
public sealed class PlanNoticesTests
{
    private const string Ends = """
        {"tasks":[
          {"id":"a","tool":"builtin:echo","arguments":{"value":1}},
          {"id":"b","tool":"builtin:fail","arguments":{"message":"no"},"depends_on":["a"],"retry":{"max_attempts":2,"backoff_ms":10}}]}
        """;

    [Fact]
    public void Tasks_that_lack_a_slot_say_how_long_they_waited()
    {
        var cluster = new KernelCluster(1, slots: 1);
        Run(cluster, """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":100}},{"id":"b","tool":"builtin:delay","arguments":{"ms":100}},{"id":"c","tool":"builtin:delay","arguments":{"ms":100}}]}""");
        var waits = Of<TaskClaimed>(cluster).Select(static claim => claim.Waited.TotalMilliseconds).ToList();
        Assert.Equal(3, waits.Count);
        Assert.InRange(waits[0], 0, 50);
        Assert.InRange(waits[1], 100, 150);
        Assert.InRange(waits[2], 200, 300);
    }

    [Fact]
    public void Waiting_counts_from_the_end_of_the_last_dependency_and_from_when_a_retry_is_due()
    {
        var cluster = new KernelCluster(1);
        Run(cluster, """
            {"tasks":[
              {"id":"a","tool":"builtin:delay","arguments":{"ms":3000}},
              {"id":"b","tool":"builtin:fail","arguments":{"message":"no"},"depends_on":["a"],"retry":{"max_attempts":2,"backoff_ms":2000}}]}
            """);
        Assert.Equal([("a", 1), ("b", 1), ("b", 2)], Of<TaskClaimed>(cluster).Select(static claim => (claim.Task, claim.Attempt)));
        Assert.All(Of<TaskClaimed>(cluster), static claim => Assert.InRange(claim.Waited.TotalMilliseconds, 0, 500));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_end_of_a_workflow_is_told_once_in_a_cluster_and_each_step_of_its_tasks(int nodes)
    {
        var cluster = new KernelCluster(nodes);
        Run(cluster, Ends);
        Assert.Equal(WorkflowState.Partial, Assert.Single(Of<WorkflowEnded>(cluster)).State);
        Assert.Equal([("a", 1, TaskState.Succeeded), ("b", 1, TaskState.RetryWait), ("b", 2, TaskState.Failed)], Of<TaskMoved>(cluster).Select(static step => (step.Task, step.Attempt, step.State)));
        for (var node = 1; node < nodes; node++) cluster.Kill(node);
        cluster.RunFor(5_000);
        Assert.Single(Of<WorkflowEnded>(cluster));
    }

    [Fact]
    public void An_end_that_comes_while_planning_is_told_too()
    {
        // Nothing runs here: what a's output lacks makes b fail before it begins.
        var cluster = new KernelCluster(1);
        Run(cluster, """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":{}}},{"id":"b","tool":"builtin:echo","arguments":{"value":"$OUTPUT[a].lacking"}}]}""");
        Assert.Equal(WorkflowState.Partial, Assert.Single(Of<WorkflowEnded>(cluster)).State);
        Assert.Equal("b", Assert.Single(Of<TaskMoved>(cluster), static step => step.State == TaskState.Failed).Task);
    }

    [Fact]
    public void A_cancelled_workflow_tells_its_end()
    {
        var cluster = new KernelCluster(1, slots: 1);
        var submit = KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":1000}},{"id":"b","tool":"builtin:delay","arguments":{"ms":1000}}]}""");
        cluster.Ask(1, submit);
        cluster.Ask(1, new CancelCommand("default", submit.Id));
        cluster.RunFor(5_000);
        Assert.Equal(WorkflowState.Cancelled, Assert.Single(Of<WorkflowEnded>(cluster)).State);
        Assert.Contains(Of<TaskMoved>(cluster), static step => step is { Task: "b", State: TaskState.Cancelled, Attempt: 0 });
    }

    [Fact]
    public void An_attempt_that_goes_down_with_its_executor_is_told_as_lost()
    {
        var cluster = new KernelCluster(3);
        var submit = KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":2000}}]}""");
        cluster.Ask(1, submit);
        var claim = Assert.Single(Of<TaskClaimed>(cluster));
        cluster.Kill((int)claim.Executor.Value);
        cluster.RunFor(10_000);
        var lost = Assert.Single(Of<AttemptLost>(cluster));
        Assert.Equal((submit.Id, "a", 1, claim.Executor), (lost.Workflow, lost.Task, lost.Attempt, lost.Executor));
        Assert.Equal(2, Of<TaskClaimed>(cluster).Last().Attempt);
        Assert.Equal(WorkflowState.Succeeded, Of<WorkflowEnded>(cluster).Last().State);
    }

    private static IEnumerable<T> Of<T>(KernelCluster cluster) => cluster.Notices.OfType<T>();

    private static void Run(KernelCluster cluster, string document)
    {
        var submit = KernelCluster.Submission(document);
        cluster.Ask(1, submit);
        var view = Assert.IsType<Shown>(cluster.Ask(1, new GetCommand("default", submit.Id, TimeSpan.FromSeconds(9)))).View;
        Assert.True(view.State.IsTerminal());
    }
}
