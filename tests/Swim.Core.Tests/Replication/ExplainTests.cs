using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Why tasks do not run, asked of any node.</summary>
public sealed class ExplainTests
{
    private const string Slow = """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":5000}},{"id":"b","tool":"builtin:delay","arguments":{"ms":5000}},{"id":"c","tool":"builtin:echo","arguments":{"value":1},"depends_on":["a"]}]}""";
    private const string Majority = """{"consistency":"majority","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}""";

    [Fact]
    public void A_task_waits_for_others_or_for_a_slot_and_one_that_runs_is_named_when_asked_for()
    {
        var cluster = new KernelCluster(1, slots: 1);
        var id = Submit(cluster, 1, Slow);
        cluster.RunFor(2_000);
        var explained = Explain(cluster, 1, id);
        Assert.Equal([("b", WaitReason.Slot), ("c", WaitReason.Dependencies)], explained.Tasks.Select(static task => (task.Task, task.Reason)));
        Assert.Contains("free slot on n1; 0 other tasks", explained.Tasks[0].Text, StringComparison.Ordinal);
        Assert.InRange(cluster.NowMs - explained.Tasks[0].SinceUnixMs, 1_900, 2_100);
        Assert.Contains("a (RUNNING)", explained.Tasks[1].Text, StringComparison.Ordinal);
        Assert.Equal(WaitReason.Running, Explain(cluster, 1, id, "a").Tasks.Single().Reason);
        cluster.RunFor(15_000);
        Assert.Empty(Explain(cluster, 1, id).Tasks);
        Assert.Equal(WaitReason.Ended, Explain(cluster, 1, id, "c").Tasks.Single().Reason);
    }

    [Fact]
    public void A_retry_says_when_it_is_due()
    {
        var cluster = new KernelCluster(1);
        var id = Submit(cluster, 1, """{"tasks":[{"id":"a","tool":"builtin:fail","arguments":{"message":"no","retryable":true},"retry":{"max_attempts":2,"backoff_ms":20000}}]}""");
        cluster.RunFor(1_000);
        var task = Explain(cluster, 1, id).Tasks.Single();
        Assert.Equal(WaitReason.Retry, task.Reason);
        Assert.InRange(task.UntilUnixMs - cluster.NowMs, 18_000, 20_000);
    }

    [Fact]
    public void Without_a_member_that_can_run_the_tool_it_names_the_capability()
    {
        var cluster = new KernelCluster(3);
        var id = Submit(cluster, 2, """{"tasks":[{"id":"a","tool":"shell:exec","arguments":{"argv":["true"]}}]}""", allowShell: true);
        cluster.RunFor(1_000);
        var task = Explain(cluster, 1, id).Tasks.Single();
        Assert.Equal(WaitReason.NoMember, task.Reason);
        Assert.Contains("shell", task.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smaller_side_says_how_many_voters_it_sees_and_the_larger_goes_on()
    {
        var cluster = new KernelCluster(3);
        cluster.Cut(1);
        var id = Submit(cluster, 1, Majority);
        cluster.RunFor(3_000);
        var explained = Explain(cluster, 1, id);
        Assert.Equal((new Core.Primitives.NodeId(1), new Core.Primitives.NodeId(1)), (explained.Planner, explained.AnsweredBy));
        var task = explained.Tasks.Single();
        Assert.Equal((TaskState.Pending, WaitReason.Majority), (task.State, task.Reason));
        Assert.Contains("This side sees 1 of 3 voters (n1) and needs 2", task.Text, StringComparison.Ordinal);
        Assert.Contains("Not reached: n2, n3", task.Text, StringComparison.Ordinal);
        cluster.Heal();
        cluster.RunFor(15_000);
        Assert.Equal(WorkflowState.Succeeded, Explain(cluster, 2, id).State);
    }

    [Fact]
    public void Who_refuses_is_named_with_how_long_it_will()
    {
        var cluster = new KernelCluster(3);
        var id = Submit(cluster, 1, Majority.Replace("echo\",\"arguments\":{\"value\":1}", "delay\",\"arguments\":{\"ms\":60000}", StringComparison.Ordinal));
        cluster.RunFor(2_000);
        cluster.Cut((int)cluster.Notices.OfType<TaskClaimed>().Single().Executor.Value);
        cluster.RunFor(4_000);
        var asked = Enumerable.Range(1, 3).First(node => cluster.Replicas[new Core.Primitives.NodeId((ulong)node)].Placement!.LiveMembers == 2);
        var task = Explain(cluster, asked, id).Tasks.Single();
        Assert.Equal(WaitReason.Majority, task.Reason);
        Assert.Matches(@"n\d holds an earlier attempt for running, for \d\.\d s more", task.Text);
    }

    [Fact]
    public void Where_the_planner_does_not_answer_another_says_what_it_does_not_know()
    {
        var cluster = new KernelCluster(3, slots: 1);
        var id = Submit(cluster, 1, Slow.Replace("builtin:echo", "builtin:delay", StringComparison.Ordinal).Replace("\"value\":1", "\"ms\":1", StringComparison.Ordinal));
        for (var more = 0; more < 12; more++) Submit(cluster, 1, Slow, key: $"k{more}");
        cluster.RunFor(1_000);
        var planner = Explain(cluster, 1, id).Planner;
        cluster.Silence((int)planner.Value);
        var explained = Explain(cluster, planner.Value == 1 ? 2 : 1, id);
        Assert.NotEqual(planner, explained.AnsweredBy);
        Assert.Equal(planner, explained.Planner);
        Assert.All(explained.Tasks, static task => Assert.True(task.Reason is WaitReason.Planner or WaitReason.Dependencies or WaitReason.Dispatched, $"{task}"));
        Assert.All(explained.Tasks.Where(static task => task.Reason == WaitReason.Planner), static task => Assert.Contains("not known here", task.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_workflow_or_task_is_not_found()
    {
        var cluster = new KernelCluster(3);
        var id = Submit(cluster, 1, Majority);
        Assert.Equal("TASK_NOT_FOUND", Assert.IsType<Refused>(cluster.Ask(2, new ExplainCommand("default", id, "z"))).Code);
        Assert.Equal("NOT_FOUND", Assert.IsType<Refused>(cluster.Ask(2, new ExplainCommand("other", id, ""))).Code);
    }

    private static WorkflowId Submit(KernelCluster cluster, int node, string json, bool allowShell = false, string key = "k")
    {
        var submit = KernelCluster.Submission(json, key, allowShell: allowShell);
        cluster.Ask(node, submit);
        return submit.Id;
    }

    private static Explained Explain(KernelCluster cluster, int node, WorkflowId id, string task = "") =>
        Assert.IsType<Explained>(cluster.Ask(node, new ExplainCommand("default", id, task)));
}
