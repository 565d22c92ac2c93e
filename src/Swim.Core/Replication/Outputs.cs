using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Replication;

/// <summary>The winning results of a workflow, looked up by task name.</summary>
internal static class Outputs
{
    /// <summary>A look-up over <paramref name="cells"/>, whose definition has arrived.</summary>
    public static OutputLookup Of(WorkflowCells cells) => (string name, out JsonNode? output) =>
    {
        output = null;
        var task = cells.Definition!.Tasks.FirstOrDefault(task => task.Id == name);
        return task is not null && cells.ResultOf(task.Index) is { } json && CanonicalJson.TryRead(json.Span, out output);
    };
}
