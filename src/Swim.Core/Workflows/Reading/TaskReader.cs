using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;

namespace Swim.Core.Workflows.Reading;

/// <summary>Reads one element of <c>tasks</c>; all faults go to the context, and the draft is used only if there are none.</summary>
internal sealed class TaskReader(ReadingContext context, RetryDraft defaults)
{
    private static readonly string[] Fields =
        ["id", "tool", "arguments", "depends_on", "retry", "timeout_ms", "at_most_once", "strict_fencing", "priority", "capabilities", "when"];

    public TaskDraft? Read(PlacedNode place)
    {
        if (ObjectFields.Of(context, place, "A task", Fields) is not { } fields) return null;
        var waits = new List<TaskWait>();
        var id = ReadId(fields, out var idPlace);
        var arguments = ReadArguments(fields, waits);
        var tool = ReadTool(fields, arguments);
        ReadDependsOn(fields, waits);
        RefuseWhatDoesNotRunYet(fields);
        return new TaskDraft(
            id, place, idPlace, tool, arguments, waits, ReadRetry(fields), ReadTimeout(fields), fields.Boolean("at_most_once") ?? false, fields.Boolean("strict_fencing") ?? false);
    }

    private string? ReadId(ObjectFields fields, out PlacedNode place)
    {
        place = fields.TryGet("id", out var field) ? field : fields.Place;
        if (place.Node == fields.Place.Node) context.Invalid(place, $"This task has no 'id': give it one of {TaskId.Rule}.");
        if (fields.Text("id") is not { } id) return null;
        if (TaskId.IsValid(id)) return id;
        context.Invalid(place, $"'{DocumentPath.Shorten(id)}' cannot be a task id: use {TaskId.Rule}.");
        return null;
    }

    private JsonObject ReadArguments(ObjectFields fields, List<TaskWait> waits)
    {
        if (!fields.TryGet("arguments", out var field)) return [];
        if (field.Kind != DocumentKind.Map)
        {
            context.Invalid(field, $"'arguments' must be an object, and this is {field.Node.Describe()}: name each argument.");
            return [];
        }
        ReferenceScan.Collect(context, field, waits);
        return field.Node.ToJsonObject();
    }

    private string ReadTool(ObjectFields fields, JsonObject arguments)
    {
        if (!fields.TryGet("tool", out var field)) context.Invalid(fields.Place, $"This task has no 'tool': name one of {string.Join(", ", ToolCatalog.Names)}.");
        if (fields.Text("tool") is not { } tool) return "";
        if (ToolCatalog.Find(tool) is not { } signature) RefuseTool(field, tool);
        else if (tool == ToolCatalog.Shell && !context.Options.AllowShell)
            context.Report(DocumentErrorCode.PermissionDenied, field, "No node in reach runs shell:exec: start one with --allow-shell, or use another tool.");
        else CheckArguments(fields, signature, arguments);
        return tool;
    }

    private void RefuseTool(PlacedNode field, string tool)
    {
        if (tool.StartsWith("mcp/", StringComparison.Ordinal))
            context.Unimplemented(field, $"The tool '{DocumentPath.Shorten(tool)}'");
        else
            context.Invalid(field, $"There is no tool '{DocumentPath.Shorten(tool)}'; there are {string.Join(", ", ToolCatalog.Names)}.{ToolCatalog.Suggest(tool)}");
    }

    private void CheckArguments(ObjectFields fields, ToolSignature signature, JsonObject arguments)
    {
        var given = fields.TryGet("arguments", out var field);
        if (given && field.Kind != DocumentKind.Map) return;
        foreach (var fault in signature.Check(arguments, allowReferences: true))
            context.Invalid(given ? PlaceOf(field, fault) : fields.Place, fault.Message);
    }

    private static PlacedNode PlaceOf(PlacedNode arguments, ArgumentFault fault)
    {
        if (fault.Parameter is null) return arguments;
        var member = arguments.Node.Members.First(member => member.Name == fault.Parameter);
        var place = fault.Inner is null && member.Value.Kind != DocumentKind.List ? arguments.NameOf(member) : arguments.Member(member);
        if (fault.Inner is null) return place;
        return place.Kind == DocumentKind.List
            ? place.Item(int.Parse(fault.Inner, System.Globalization.CultureInfo.InvariantCulture))
            : place.Member(place.Node.Members.First(inner => inner.Name == fault.Inner));
    }

    private void ReadDependsOn(ObjectFields fields, List<TaskWait> waits)
    {
        if (!fields.TryGet("depends_on", out var field)) return;
        if (field.Kind != DocumentKind.List)
        {
            context.Invalid(field, $"'depends_on' must be a list of task ids, and this is {field.Node.Describe()}: put it in brackets.");
            return;
        }
        for (var i = 0; i < field.Node.Items.Count && !context.IsFull; i++)
        {
            var item = field.Item(i);
            if (item.Kind == DocumentKind.Text) waits.Add(new TaskWait(item.Node.Value, item, IsReference: false));
            else context.Invalid(item, $"'depends_on' holds task ids, and this is {item.Node.Describe()}: put the id in quotes.");
        }
    }

    private RetryPolicy ReadRetry(ObjectFields fields) =>
        fields.TryGet("retry", out var field) ? RetryReader.ReadRetry(context, field, defaults) : default(RetryDraft).Over(defaults);

    private static TimeSpan ReadTimeout(ObjectFields fields) =>
        fields.Milliseconds("timeout_ms", 1, WorkflowLimits.TimeoutMax) ?? WorkflowDefaults.Timeout;

    private static void RefuseWhatDoesNotRunYet(ObjectFields fields)
    {
        fields.OnlyDefault("priority", "normal");
        fields.OnlyDefault("capabilities", null);
        fields.OnlyDefault("when", null);
    }
}
