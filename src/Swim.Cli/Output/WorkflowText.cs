using System.Globalization;
using System.Text.Json;
using Swim.V1;

namespace Swim.Cli.Output;

/// <summary>A workflow for people: a line for each task, the outcome, the output.</summary>
public static class WorkflowText
{
    private const int MessageShownMax = 200;
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it; <paramref name="nameOf"/> gives the name of an executor's node id.</summary>
    public static void Write(TextWriter writer, Workflow workflow, Func<string, string> nameOf)
    {
        writer.WriteLine(Printable.Line($"workflow {workflow.WorkflowId}  {workflow.Name}"));
        var table = new TextTable("TASK", "STATE", "NODE", "ATTEMPT", "TIME", "");
        foreach (var task in workflow.Tasks)
        {
            var attempt = task.Attempt == 0 ? "-" : task.Attempt.ToString(CultureInfo.InvariantCulture);
            var node = task.Executor.Length == 0 ? "-" : nameOf(task.Executor);
            table.Add(task.Id, StateWord.Of(task.State), node, attempt, Time(task.StartedUnixMs, task.FinishedUnixMs), ErrorOf(task));
        }

        table.WriteTo(writer);
        if (workflow.Merges is { } merges) MergesText.Write(writer, merges, nameOf);
        WriteOutcome(writer, workflow);
    }

    /// <summary>Writes the output of one task; what there is to say of it where it has none.</summary>
    public static void WriteTask(TextWriter writer, V1.Task task)
    {
        if (task.OutputJson.Length > 0) writer.WriteLine(Output(task.OutputJson));
        else writer.WriteLine(Printable.Line($"{task.Id} is {StateWord.Of(task.State)} and has no output. {ErrorOf(task)}".TrimEnd()));
    }

    /// <summary>Writes how it stands as a whole, and its output.</summary>
    public static void WriteOutcome(TextWriter writer, Workflow workflow)
    {
        writer.WriteLine(Outcome(workflow));
        if (workflow.SupersededBy.Length > 0) writer.WriteLine($"superseded by {Printable.Line(workflow.SupersededBy)}, which has the same idempotency key");
        if (workflow.OutputJson.Length > 0) writer.WriteLine(Output(workflow.OutputJson));
    }

    private static string Outcome(Workflow workflow)
    {
        var time = workflow.FinishedUnixMs == 0 ? "" : $" in {Time(workflow.CreatedUnixMs, workflow.FinishedUnixMs)}";
        var layers = workflow.Layers == 1 ? "1 layer" : string.Create(CultureInfo.InvariantCulture, $"{workflow.Layers} layers");
        return $"{StateWord.Of(workflow.State)}{time}: {Counts(workflow)}, {layers}, durable {StateWord.Of(workflow.Durable)}";
    }

    private static string Counts(Workflow workflow) => string.Join(", ", workflow.Tasks
        .GroupBy(task => task.State)
        .OrderBy(group => group.Key)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {StateWord.Of(group.Key)}")));

    // A text is shown as it is, since that is what its author wrote it for; every other value as JSON.
    private static string Output(string json)
    {
        try
        {
            using var output = JsonDocument.Parse(json);
            return Printable.Lines(output.RootElement.ValueKind == JsonValueKind.String
                ? output.RootElement.GetString()!.TrimEnd('\n')
                : JsonSerializer.Serialize(output.RootElement, Indented));
        }
        catch (JsonException)
        {
            return Printable.Lines(json); // Not this command's to judge; what the node sent is shown.
        }
    }

    private static string ErrorOf(V1.Task task) =>
        task.Error is { } error ? Printable.Line($"{error.Code}: {error.Message}", MessageShownMax)
        : task.StaleInputs.Count > 0 ? Printable.Line($"was given results that lost: {string.Join(", ", task.StaleInputs)}", MessageShownMax)
        : "";

    private static string Time(long startedMs, long finishedMs) =>
        startedMs == 0 || finishedMs == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, finishedMs - startedMs)} ms");
}
