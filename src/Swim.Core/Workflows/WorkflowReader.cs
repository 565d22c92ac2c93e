using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Reading;

namespace Swim.Core.Workflows;

/// <summary>
/// Reads a document tree as a workflow. Checks everything that can be known before it runs, names the place of each fault and what
/// to do, and refuses what this version would not honour. Never throws on input.
/// </summary>
public static class WorkflowReader
{
    private const int CycleShownMax = 16;

    private static readonly string[] Fields =
        ["name", "tasks", "output", "error_handling", "consistency", "retention", "on_winner_change", "stages"];

    /// <summary>The workflow, or all its faults up to <see cref="ReaderOptions.ErrorsMax"/>.</summary>
    public static WorkflowReading Read(DocumentNode document, ReaderOptions? options = null)
    {
        var context = new ReadingContext(options ?? new ReaderOptions());
        var definition = ReadWorkflow(context, new PlacedNode(document, "$"));
        return context.Errors.Count > 0 || definition is null ? new WorkflowReading(context.Errors) : new WorkflowReading(definition);
    }

    /// <summary>Reads back what <see cref="CanonicalWorkflow.Write"/> wrote, here or on another node.</summary>
    public static WorkflowReading FromCanonical(ReadOnlySpan<byte> utf8) =>
        JsonDocumentReader.Read(utf8).TryGet(out var root, out var error) ? Read(root, ReaderOptions.Accepted) : new WorkflowReading([error]);

    private static WorkflowDefinition? ReadWorkflow(ReadingContext context, PlacedNode place)
    {
        if (ObjectFields.Of(context, place, "A workflow", Fields) is not { } fields) return null;
        var name = ReadName(context, fields);
        RefuseWhatDoesNotRunYet(context, fields);
        var onWinnerChange = ReadWinnerChange(context, fields);
        var retention = ReadRetention(context, fields);
        var consistency = ReadConsistency(context, fields);
        var retry = fields.TryGet("error_handling", out var handling) ? RetryReader.ReadErrorHandling(context, handling) : default;
        var drafts = ReadTasks(context, fields, retry);
        var outputWaits = new List<TaskWait>();
        var hasOutput = fields.TryGetEvenNull("output", out var output);
        if (hasOutput) ReferenceScan.Collect(context, output, outputWaits);
        if (drafts is null) return null;
        var linker = new TaskLinker(context, drafts);
        var links = linker.Link();
        linker.Check(outputWaits);
        CheckInputs(context, drafts);
        return Order(context, drafts, links) is { } order
            ? new WorkflowDefinition(name, Build(drafts, links), order.Order, order.Layers, hasOutput ? output.Node.ToJsonNode() : null) { HasOutput = hasOutput, OnWinnerChange = onWinnerChange, Retention = retention, Consistency = consistency }
            : null;
    }

    private static string ReadName(ReadingContext context, ObjectFields fields)
    {
        if (fields.Text("name") is not { } name) return WorkflowDefaults.Name;
        if (name.Length is 0 or > WorkflowLimits.NameLengthMax || name.Any(char.IsControl))
            context.Invalid(fields.TryGet("name", out var field) ? field : fields.Place, $"'name' must have 1 to {WorkflowLimits.NameLengthMax} characters in one line: shorten or correct it.");
        return name;
    }

    private static TimeSpan? ReadRetention(ReadingContext context, ObjectFields fields)
    {
        if (fields.Text("retention") is not { } text || !fields.TryGet("retention", out var field)) return null;
        var (above, most) = (context.Options.RetentionAbove, Replication.ForgettingOptions.RetentionMax);
        if (!DurationText.TryParse(text, out var retention))
            context.Invalid(field, $"'{DocumentPath.Shorten(text)}' is no retention: write a whole number and s, m, h or d, such as 30d.");
        else if (retention <= above || retention > most)
            context.Invalid(field, $"'retention' must be more than {DurationText.Of(above)}, twice this cluster's grace, and at most {DurationText.Of(most)}, and this is {DurationText.Of(retention)}: correct it.");
        return retention;
    }

    private static void RefuseWhatDoesNotRunYet(ReadingContext context, ObjectFields fields)
    {
        fields.OnlyDefault("stages", null);
    }

    private static WorkflowConsistency ReadConsistency(ReadingContext context, ObjectFields fields)
    {
        var text = fields.Text("consistency");
        if (text is null or "any" || !fields.TryGet("consistency", out var field)) return WorkflowConsistency.Any;
        if (text == "majority") return WorkflowConsistency.Majority;
        if (text == "quorum") context.Unimplemented(field, "'consistency' quorum");
        else context.Invalid(field, $"'{DocumentPath.Shorten(text)}' is no consistency: write 'any' or 'majority'.");
        return WorkflowConsistency.Any;
    }

    private static WinnerChangePolicy ReadWinnerChange(ReadingContext context, ObjectFields fields)
    {
        switch (fields.Text("on_winner_change"))
        {
            case null or "accept": return WinnerChangePolicy.Accept;
            case "rerun": return WinnerChangePolicy.Rerun;
            case "fail": return WinnerChangePolicy.Fail;
            case var unknown:
                fields.TryGet("on_winner_change", out var field);
                context.Invalid(field, $"'{DocumentPath.Shorten(unknown)}' is no 'on_winner_change': write 'accept', 'rerun' or 'fail'.");
                return WinnerChangePolicy.Accept;
        }
    }

    private static void CheckInputs(ReadingContext context, List<TaskDraft> drafts)
    {
        foreach (var draft in drafts)
        {
            // Many references may be to few tasks: only those are counted.
            if (draft.Waits.Count <= WorkflowLimits.InputsMax) continue;
            var inputs = InputsOf(draft).Count;
            if (inputs > WorkflowLimits.InputsMax)
                context.Report(DocumentErrorCode.ResourceExhausted, draft.Place, $"The arguments refer to the outputs of {inputs} tasks, and {WorkflowLimits.InputsMax} are allowed: gather them in steps.");
        }
    }

    private static HashSet<string> InputsOf(TaskDraft draft) =>
        draft.Waits.Where(static wait => wait.IsReference).Select(static wait => wait.Id).ToHashSet(StringComparer.Ordinal);

    private static List<TaskDraft>? ReadTasks(ReadingContext context, ObjectFields fields, RetryDraft retry)
    {
        if (!fields.TryGet("tasks", out var field))
        {
            if (!fields.TryGet("stages", out _)) context.Invalid(fields.Place, "The workflow has no 'tasks': add a list with at least one task.");
            return null;
        }
        if (field.Kind != DocumentKind.List || field.Node.Items.Count == 0)
        {
            context.Invalid(field, $"'tasks' must be a list with at least one task, and this is {(field.Kind == DocumentKind.List ? "empty" : field.Node.Describe())}: add one.");
            return null;
        }
        if (field.Node.Items.Count > WorkflowLimits.TasksMax)
        {
            context.Report(DocumentErrorCode.ResourceExhausted, field, $"The workflow has {field.Node.Items.Count} tasks, and {WorkflowLimits.TasksMax} are allowed: split it.");
            return null;
        }
        var reader = new TaskReader(context, retry);
        var drafts = new List<TaskDraft>(field.Node.Items.Count);
        for (var i = 0; i < field.Node.Items.Count && !context.IsFull; i++)
        {
            if (reader.Read(field.Item(i)) is { } draft) drafts.Add(draft);
        }
        return drafts;
    }

    private static DependencyOrder? Order(ReadingContext context, List<TaskDraft> drafts, IReadOnlyList<IReadOnlyList<int>> links)
    {
        // With faults in ids or dependencies the graph is not what its author meant.
        if (context.Errors.Count > 0) return null;
        var order = DependencyOrder.Of(links);
        if (order.Cycle.Count == 0) return order;
        var ids = order.Cycle.Take(CycleShownMax).Select(task => drafts[task].Id!).ToList();
        if (order.Cycle.Count > CycleShownMax) ids.Add($"({order.Cycle.Count - CycleShownMax} more)");
        ids.Add(drafts[order.Cycle[0]].Id!);
        var next = drafts[order.Cycle[1]].Id;
        var at = drafts[order.Cycle[0]].Waits.First(wait => wait.Id == next).Place;
        context.Invalid(at, $"These tasks wait for each other in a cycle, so none could start: {string.Join(" -> ", ids)}. Remove one of these dependencies.");
        return null;
    }

    private static List<TaskDefinition> Build(List<TaskDraft> drafts, IReadOnlyList<IReadOnlyList<int>> links) =>
    [
        .. drafts.Select((draft, index) => new TaskDefinition(
            index, draft.Id!, draft.Tool, draft.Arguments, links[index], draft.Retry, draft.Timeout, draft.AtMostOnce)
        {
            StrictFencing = draft.StrictFencing,
            Inputs = InputsOf(draft) is { Count: > 0 } inputs ? [.. links[index].Where(task => inputs.Contains(drafts[task].Id!))] : [],
        }),
    ];
}
