using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>What a run's references point into: its input, and the winning results of its tasks.</summary>
internal static class RunValues
{
    /// <summary>A look-up over <paramref name="cells"/>, whose definition has arrived.</summary>
    public static ValueLookup Of(WorkflowCells cells) => (ValueReference reference, out JsonNode? value) =>
    {
        value = null;
        return JsonOf(cells, reference) is { IsEmpty: false } json && CanonicalJson.TryRead(json.Span, out value);
    };

    private static ReadOnlyMemory<byte>? JsonOf(WorkflowCells cells, ValueReference reference)
    {
        if (reference.IsInput) return cells.Input;
        var task = cells.Definition!.Tasks.FirstOrDefault(task => task.Id == reference.Task);
        return task is null ? null : cells.ResultOf(task.Index);
    }
}
