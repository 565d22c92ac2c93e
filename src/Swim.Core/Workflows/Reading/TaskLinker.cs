using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Reading;

/// <summary>Turns ids into indexes: finds doubled ids, tasks that do not exist, tasks that wait for themselves, and too many dependencies.</summary>
internal sealed class TaskLinker
{
    private readonly ReadingContext _context;
    private readonly IReadOnlyList<TaskDraft> _drafts;
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    public TaskLinker(ReadingContext context, IReadOnlyList<TaskDraft> drafts)
    {
        (_context, _drafts) = (context, drafts);
        for (var i = 0; i < drafts.Count; i++)
        {
            var draft = drafts[i];
            if (draft.Id is null || _indexes.TryAdd(draft.Id, i)) continue;
            context.Invalid(draft.IdPlace, $"The id '{draft.Id}' is taken by the task at line {drafts[_indexes[draft.Id]].IdPlace.Line}: rename one of them.");
        }
    }

    /// <summary>For each task the ascending indexes of those it waits for; incomplete when errors were reported.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Link()
    {
        var links = new List<IReadOnlyList<int>>(_drafts.Count);
        var edges = 0;
        for (var i = 0; i < _drafts.Count && !_context.IsFull; i++)
        {
            var found = new SortedSet<int>();
            foreach (var wait in _drafts[i].Waits)
            {
                if (Find(wait) is { } index && !IsItself(i, index, wait)) found.Add(index);
            }
            links.Add([.. found]);
            edges += found.Count;
            if (edges <= WorkflowLimits.EdgesMax) continue;
            _context.Report(DocumentErrorCode.ResourceExhausted, _drafts[i].Place, $"The workflow has more than {WorkflowLimits.EdgesMax} dependencies: split it.");
            break;
        }
        return links;
    }

    /// <summary>Checks references of the workflow's own <c>output</c>.</summary>
    public void Check(IEnumerable<TaskWait> waits)
    {
        foreach (var wait in waits) Find(wait);
    }

    private int? Find(TaskWait wait)
    {
        if (_indexes.TryGetValue(wait.Id, out var index)) return index;
        var how = wait.IsReference ? "refers to" : "names";
        _context.Invalid(wait.Place, $"This {how} the task '{DocumentPath.Shorten(wait.Id)}', which is not in the document: correct the id or add the task.{NearestName.Suggest(wait.Id, _indexes.Keys)}");
        return null;
    }

    private bool IsItself(int task, int other, TaskWait wait)
    {
        if (task != other) return false;
        _context.Invalid(wait.Place, $"The task '{wait.Id}' waits for itself: {(wait.IsReference ? "refer to another task's output" : "remove it from its own depends_on")}.");
        return true;
    }
}
