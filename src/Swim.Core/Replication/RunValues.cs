using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Scheduling;
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

    /// <summary>A look-up over what an attempt was given, winner or not by now; null while it is not known.</summary>
    public static ValueLookup? Given(WorkflowCells cells, TaskDefinition task, AttemptId attempt, NodeId executor)
    {
        if (task.Inputs.Count == 0) return Of(cells);
        var key = RunPayloads.InputsKey(attempt.Task, attempt.Generation, attempt.Attempt, attempt.Token, executor);
        if (cells.Find(CellKind.Inputs, key) is not { } cell) return null;
        var inputs = RunPayloads.Inputs(cell).Inputs.Where(input => input.Task < cells.Definition!.Tasks.Count).ToDictionary(input => cells.Definition!.Tasks[input.Task].Id, static input => input, StringComparer.Ordinal);
        return (ValueReference reference, out JsonNode? value) =>
        {
            value = null;
            var json = reference.IsInput ? cells.Input
                : inputs.TryGetValue(reference.Task, out var input) && cells.Find(CellKind.Result, CellPayloads.ResultKey(input.Task, input.Dot)) is { } result ? cells.BytesOf(RunPayloads.Result(result).Output)
                : null;
            return json is { IsEmpty: false } && CanonicalJson.TryRead(json.Value.Span, out value);
        };
    }

    private static ReadOnlyMemory<byte>? JsonOf(WorkflowCells cells, ValueReference reference)
    {
        if (reference.IsInput) return cells.Input;
        var task = cells.Definition!.Find(reference.Task);
        return task is null ? null : cells.ResultOf(task.Index);
    }
}
