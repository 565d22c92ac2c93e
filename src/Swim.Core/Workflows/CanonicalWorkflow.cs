using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows;

/// <summary>
/// The one byte form of a definition: canonical JSON in the language itself, with aliases resolved, defaults and the dependencies
/// that arguments imply left out. Equal meaning gives equal bytes, whether it was written in YAML or JSON; tasks keep their order.
/// </summary>
public static class CanonicalWorkflow
{
    /// <summary>The bytes of <paramref name="definition"/>, which <see cref="WorkflowReader.FromCanonical"/> reads back.</summary>
    public static byte[] Write(WorkflowDefinition definition)
    {
        var buffer = new CanonicalBuffer();
        buffer.Open('{');
        if (definition.Consistency == WorkflowConsistency.Majority)
        {
            buffer.Name("consistency");
            buffer.Text("majority");
        }
        if (definition.Name != WorkflowDefaults.Name)
        {
            buffer.Name("name");
            buffer.Text(definition.Name);
        }
        if (definition.OnWinnerChange != WinnerChangePolicy.Accept)
        {
            buffer.Name("on_winner_change");
            buffer.Text(definition.OnWinnerChange == WinnerChangePolicy.Rerun ? "rerun" : "fail");
        }
        if (definition.HasOutput)
        {
            buffer.Name("output");
            CanonicalJson.Write(buffer, definition.Output);
        }
        if (definition.Retention is { } retention)
        {
            buffer.Name("retention");
            buffer.Text(DurationText.Of(retention));
        }
        buffer.Name("tasks");
        buffer.Open('[');
        foreach (var task in definition.Tasks) WriteTask(buffer, definition, task);
        buffer.Close(']');
        buffer.Close('}');
        return buffer.ToArray();
    }

    /// <summary>True when these canonical bytes are of a workflow of <see cref="WorkflowConsistency.Majority"/>: told without reading them all.</summary>
    public static bool IsMajority(ReadOnlySpan<byte> canonical) => canonical.StartsWith("{\"consistency\":\"majority\""u8);

    /// <summary>The refusal of a definition that is too large together with the run's input; null when it is not.</summary>
    public static DocumentError? CheckSize(ReadOnlySpan<byte> canonical, ReadOnlySpan<byte> input) => canonical.Length + input.Length <= WorkflowLimits.DefinitionBytesMax ? null : new DocumentError(
        DocumentErrorCode.ResourceExhausted,
        $"The definition has {canonical.Length} bytes in canonical form and its input {input.Length}, and {WorkflowLimits.DefinitionBytesMax} together are allowed: split the workflow, or pass large values by reference.",
        0, 0, "$");

    // Members in sorted order; a test compares with CanonicalJson, which sorts.
    private static void WriteTask(CanonicalBuffer buffer, WorkflowDefinition definition, TaskDefinition task)
    {
        buffer.Item();
        buffer.Open('{');
        if (task.Arguments.Count > 0)
        {
            buffer.Name("arguments");
            CanonicalJson.Write(buffer, task.Arguments);
        }
        if (task.AtMostOnce)
        {
            buffer.Name("at_most_once");
            buffer.Raw("true");
        }
        WriteDependsOn(buffer, definition, task);
        buffer.Name("id");
        buffer.Text(task.Id);
        WriteRetry(buffer, task.Retry);
        if (task.StrictFencing)
        {
            buffer.Name("strict_fencing");
            buffer.Raw("true");
        }
        if (task.Timeout != WorkflowDefaults.Timeout) WriteMilliseconds(buffer, "timeout_ms", task.Timeout);
        buffer.Name("tool");
        buffer.Text(task.Tool);
        buffer.Close('}');
    }

    private static void WriteDependsOn(CanonicalBuffer buffer, WorkflowDefinition definition, TaskDefinition task)
    {
        var implied = ValueTemplate.ReferencesIn(task.Arguments).Where(static reference => !reference.IsInput).Select(reference => reference.Task).ToHashSet(StringComparer.Ordinal);
        var named = task.DependsOn.Select(index => definition.Tasks[index].Id).Where(id => !implied.Contains(id)).ToList();
        if (named.Count == 0) return;
        buffer.Name("depends_on");
        buffer.Open('[');
        foreach (var id in named)
        {
            buffer.Item();
            buffer.Text(id);
        }
        buffer.Close(']');
    }

    private static void WriteRetry(CanonicalBuffer buffer, RetryPolicy retry)
    {
        if (retry.MaxAttempts == 1) return;
        buffer.Name("retry");
        buffer.Open('{');
        if (retry.Backoff != WorkflowDefaults.Backoff) WriteMilliseconds(buffer, "backoff_ms", retry.Backoff);
        buffer.Name("max_attempts");
        buffer.Integer(retry.MaxAttempts);
        var longest = retry.Backoff > WorkflowDefaults.MaxBackoff ? retry.Backoff : WorkflowDefaults.MaxBackoff;
        if (retry.MaxBackoff != longest) WriteMilliseconds(buffer, "max_backoff_ms", retry.MaxBackoff);
        buffer.Close('}');
    }

    private static void WriteMilliseconds(CanonicalBuffer buffer, string name, TimeSpan time)
    {
        buffer.Name(name);
        buffer.Integer((long)time.TotalMilliseconds);
    }
}
