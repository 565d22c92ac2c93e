namespace Swim.Core.Workflows;

/// <summary>An order in which tasks can run, found by Kahn's algorithm (1962): the same input gives the same order.</summary>
/// <param name="Order">All indexes, dependencies first; incomplete when there is a cycle.</param>
/// <param name="Layers">Tasks on the longest chain.</param>
/// <param name="Cycle">Indexes along one cycle, each waiting for the next and the last for the first, from the lowest; empty when there is none.</param>
public sealed record DependencyOrder(IReadOnlyList<int> Order, int Layers, IReadOnlyList<int> Cycle)
{
    /// <summary>Orders tasks of which number i waits for <c>dependsOn[i]</c>; all indexes must exist and repeat in no list.</summary>
    public static DependencyOrder Of(IReadOnlyList<IReadOnlyList<int>> dependsOn)
    {
        var waiting = dependsOn.Select(others => others.Count).ToArray();
        var layer = new int[dependsOn.Count];
        var dependents = Reverse(dependsOn);
        var order = Enumerable.Range(0, waiting.Length).Where(task => waiting[task] == 0).ToList();
        for (var next = 0; next < order.Count; next++)
        {
            foreach (var dependent in dependents[order[next]])
            {
                layer[dependent] = Math.Max(layer[dependent], layer[order[next]] + 1);
                if (--waiting[dependent] == 0) order.Add(dependent);
            }
        }
        var cycle = order.Count == waiting.Length ? [] : FindCycle(dependsOn, waiting);
        return new DependencyOrder(order, layer.Length == 0 ? 0 : layer.Max() + 1, cycle);
    }

    private static List<int>[] Reverse(IReadOnlyList<IReadOnlyList<int>> dependsOn)
    {
        var dependents = new List<int>[dependsOn.Count];
        for (var task = 0; task < dependents.Length; task++) dependents[task] = [];
        for (var task = 0; task < dependents.Length; task++)
        {
            foreach (var other in dependsOn[task]) dependents[other].Add(task);
        }
        return dependents;
    }

    // Every task that still waits waits for another one that does, so walking along must come back to a task already passed.
    private static List<int> FindCycle(IReadOnlyList<IReadOnlyList<int>> dependsOn, int[] waiting)
    {
        var passed = new Dictionary<int, int>();
        var walk = new List<int>();
        var task = Array.FindIndex(waiting, count => count > 0);
        while (passed.TryAdd(task, walk.Count))
        {
            walk.Add(task);
            task = dependsOn[task].First(other => waiting[other] > 0);
        }
        var cycle = walk[passed[task]..];
        var lowest = cycle.IndexOf(cycle.Min());
        return [.. cycle[lowest..], .. cycle[..lowest]];
    }
}
