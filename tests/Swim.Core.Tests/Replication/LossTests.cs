using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>A task whose executors go one after the other.</summary>
public sealed class LossTests
{
    private const string Document = """{"name":"long","tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":30000}}]}""";

    [Fact]
    public void A_task_that_loses_three_executors_is_held_to_have_killed_them()
    {
        var task = AfterThree(static (cluster, executor) => cluster.Kill(executor));
        Assert.Equal((TaskState.Failed, "POISONED"), (task.State, task.ErrorCode));
    }

    [Fact]
    public void A_task_whose_executors_are_stopped_in_order_runs_on()
    {
        var task = AfterThree(static (cluster, executor) => cluster.Stop(executor));
        Assert.Equal((TaskState.Running, 4), (task.State, task.Attempt));
    }

    [Fact]
    public void A_task_whose_executors_are_taken_for_dead_before_it_can_have_begun_runs_on()
    {
        var task = AfterThree(static (cluster, executor) => cluster.Kill(executor), afterMs: 5);
        Assert.Equal((TaskState.Running, 4), (task.State, task.Attempt));
    }

    private static TaskView AfterThree(Action<KernelCluster, int> end, int afterMs = 3_000)
    {
        var cluster = new KernelCluster(6);
        var submit = KernelCluster.Submission(Document);
        Assert.IsType<Submitted>(cluster.Ask(1, submit));
        var up = Enumerable.Range(1, 6).ToList();
        for (var ended = 0; ended < 3; ended++)
        {
            cluster.RunFor(afterMs);
            var executor = (int)Show(cluster, up[0], submit).Executor.Value;
            up.Remove(executor);
            end(cluster, executor);
        }

        cluster.RunFor(3_000);
        return Show(cluster, up[0], submit);
    }

    private static TaskView Show(KernelCluster cluster, int node, SubmitCommand submit) =>
        Assert.IsType<Shown>(cluster.Ask(node, new GetCommand("default", submit.Id, TimeSpan.Zero))).View.Tasks[0];
}
