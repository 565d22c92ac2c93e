using Task = Swim.V1.Task;

namespace Swim.Cli.Live;

/// <summary>A task's place in the tree.</summary>
/// <param name="Task">The task.</param>
/// <param name="Branches">From the outside in, whether each branch it hangs on is the last of its siblings, at most 64; its own is the last entry.</param>
/// <param name="AlsoAfter">What it depends on beside the task it hangs on.</param>
public sealed record TaskRow(Task Task, IReadOnlyList<bool> Branches, IReadOnlyList<string> AlsoAfter);

/// <summary>
/// A graph of tasks as a tree: each task hangs on the dependency that has the longest chain before it, the first of these on a tie, so no
/// task stands above one it depends on along its own branch. What comes from a node is not trusted to be a graph without circles:
/// tasks in one, and those behind them, have their place at the root.
/// </summary>
public static class TaskTree
{
    // A chain of thousands would need the square of that in branches, which nobody sees.
    private const int BranchesMax = 64;

    /// <summary>Every task once, children after their parent, siblings in the order given.</summary>
    public static IReadOnlyList<TaskRow> Of(IReadOnlyList<Task> tasks)
    {
        var parents = Parents(tasks);
        var children = Enumerable.Range(0, tasks.Count).ToLookup(i => parents[i]);
        var rows = new List<TaskRow>(tasks.Count);
        var open = new Stack<(int Task, bool[] Branches)>();
        Open(-1, []);
        while (open.TryPop(out var next))
        {
            var task = tasks[next.Task];
            var parent = parents[next.Task] < 0 ? null : tasks[parents[next.Task]].Id;
            rows.Add(new TaskRow(task, next.Branches, [.. task.DependsOn.Where(id => id != parent).Distinct()]));
            Open(next.Task, next.Branches);
        }

        return rows;

        void Open(int parent, bool[] branches)
        {
            // The stack gives back the last one first.
            var isLast = true;
            foreach (var child in children[parent].Reverse())
            {
                open.Push((child, [.. branches.TakeLast(BranchesMax - 1), isLast]));
                isLast = false;
            }
        }
    }

    // The index of the task each one hangs on, -1 for the root. Kahn's order gives the depth of all before a task first.
    private static int[] Parents(IReadOnlyList<Task> tasks)
    {
        var index = new Dictionary<string, int>();
        for (var i = 0; i < tasks.Count; i++) index.TryAdd(tasks[i].Id, i);
        var needs = tasks.Select(task => task.DependsOn.Where(index.ContainsKey).Select(id => index[id]).Distinct().ToArray()).ToArray();
        var dependents = Enumerable.Range(0, tasks.Count).SelectMany(i => needs[i].Select(need => (need, i))).ToLookup(static edge => edge.need, static edge => edge.i);
        var missing = needs.Select(static need => need.Length).ToArray();
        var depth = new int[tasks.Count];
        var parents = Enumerable.Repeat(-1, tasks.Count).ToArray();
        var ready = new Queue<int>(Enumerable.Range(0, tasks.Count).Where(i => missing[i] == 0));
        while (ready.TryDequeue(out var done))
        {
            foreach (var dependent in dependents[done])
            {
                if (--missing[dependent] > 0) continue;
                parents[dependent] = needs[dependent].MaxBy(need => depth[need]);
                depth[dependent] = depth[parents[dependent]] + 1;
                ready.Enqueue(dependent);
            }
        }

        return parents;
    }
}
