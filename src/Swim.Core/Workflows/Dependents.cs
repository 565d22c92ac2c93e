namespace Swim.Core.Workflows;

/// <summary>Who depends on whom, the other way round than a definition has it: two arrays for the whole graph.</summary>
internal sealed class Dependents
{
    private readonly int[] _from;
    private readonly int[] _tasks;

    public Dependents(WorkflowDefinition definition)
    {
        _from = new int[definition.Tasks.Count + 1];
        foreach (var task in definition.Tasks)
        {
            foreach (var dependency in task.DependsOn) _from[dependency + 1]++;
        }

        for (var i = 1; i < _from.Length; i++) _from[i] += _from[i - 1];
        _tasks = new int[_from[^1]];
        var next = _from.AsSpan(0, definition.Tasks.Count).ToArray();
        foreach (var task in definition.Tasks)
        {
            foreach (var dependency in task.DependsOn) _tasks[next[dependency]++] = task.Index;
        }
    }

    /// <summary>The tasks that wait for this one, ascending.</summary>
    public ReadOnlySpan<int> Of(int task) => _tasks.AsSpan(_from[task], _from[task + 1] - _from[task]);
}
