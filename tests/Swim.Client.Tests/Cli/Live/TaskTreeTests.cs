using Swim.Cli.Live;
using Xunit;
using WorkflowTask = Swim.V1.Task;

namespace Swim.Client.Tests.Cli.Live;

public sealed class TaskTreeTests
{
    [Fact]
    public void A_task_hangs_on_the_dependency_with_the_longest_chain()
    {
        var rows = TaskTree.Of([Task("a"), Task("b", "a"), Task("c", "a", "b"), Task("d", "a")]);
        Assert.Equal(["a|last|", "b|last,more|", "c|last,more,last|a", "d|last,last|"], rows.Select(Written));
    }

    [Fact]
    public void Every_task_stands_once_whatever_the_order_they_come_in()
    {
        var tasks = Enumerable.Range(0, 200).Select(i => Task($"t{i}", i == 0 ? [] : [$"t{(i - 1) / 3}", "t0"])).ToList();
        tasks.Reverse();
        var rows = TaskTree.Of(tasks);
        Assert.Equal(tasks.Select(task => task.Id).Order(), rows.Select(row => row.Task.Id).Order());
        var place = rows.Select((row, i) => (row.Task.Id, i)).ToDictionary(row => row.Id, row => row.i);
        Assert.All(rows.Where(row => row.Task.Id != "t0"), row => Assert.True(row.Task.DependsOn.Except(row.AlsoAfter).All(parent => place[parent] < place[row.Task.Id])));
    }

    [Fact]
    public void Circles_unknown_dependencies_and_doubles_lose_no_task()
    {
        var rows = TaskTree.Of([Task("a", "b"), Task("b", "a"), Task("behind", "a"), Task("c", "nowhere"), Task("c"), Task("self", "self"), Task("twice", "c", "c")]);
        Assert.Equal(["a", "b", "behind", "c", "twice", "c", "self"], rows.Select(row => row.Task.Id));
        Assert.Equal(2, rows[4].Branches.Count);
    }

    [Fact]
    public void A_chain_of_ten_thousand_is_no_burden()
    {
        var rows = TaskTree.Of([.. Enumerable.Range(0, 10_000).Select(i => Task($"t{i}", i == 0 ? [] : [$"t{i - 1}"]))]);
        Assert.Equal(10_000, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.Branches.Count, 1, 64));
    }

    private static string Written(TaskRow row) =>
        $"{row.Task.Id}|{string.Join(',', row.Branches.Select(isLast => isLast ? "last" : "more"))}|{string.Join(',', row.AlsoAfter)}";

    private static WorkflowTask Task(string id, params string[] after) => new() { Id = id, DependsOn = { after } };
}
