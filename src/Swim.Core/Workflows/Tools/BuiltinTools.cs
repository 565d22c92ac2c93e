using System.Text.Json;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Tools;

/// <summary>
/// The tools that need nothing but their arguments. Pure: the same arguments give the same bytes on every node and in the simulator;
/// a wait is part of the answer, not a thing done here. Never throws on arguments.
/// </summary>
public static class BuiltinTools
{
    /// <summary>Code of <c>builtin:fail</c> where the arguments name none.</summary>
    public const string DefaultFailCode = "TASK_FAILED";

    /// <summary>A sum outside what a <see cref="JsonNumber"/> can hold.</summary>
    public const string Overflow = "OVERFLOW";

    /// <summary>True when <see cref="Run"/> can run it.</summary>
    public static bool Has(string tool) => tool.StartsWith("builtin:", StringComparison.Ordinal) && ToolCatalog.Find(tool) is not null;

    /// <summary>Runs <paramref name="tool"/> on arguments whose references are resolved.</summary>
    public static ToolOutcome Run(string tool, JsonObject arguments)
    {
        if (!Has(tool) || ToolCatalog.Find(tool) is not { } signature)
            return ToolOutcome.Failed(ToolFailureCode.ToolUnavailable, $"There is no builtin tool '{DocumentPath.Shorten(tool)}'.");
        if (signature.Check(arguments, allowReferences: false).FirstOrDefault() is { } fault)
            return ToolOutcome.Failed(ToolFailureCode.InvalidArgument, fault.Message);
        return tool switch
        {
            ToolCatalog.Echo => ToolOutcome.Succeeded(arguments["value"]?.DeepClone()),
            ToolCatalog.Delay => ToolOutcome.Succeeded(arguments["value"]?.DeepClone(), DelayOf(arguments)),
            ToolCatalog.Fail => Fail(arguments),
            ToolCatalog.Sum => Sum(arguments["values"]!.AsArray()),
            _ => Concat(arguments["values"]!.AsArray(), TextOf(arguments, "separator", "")),
        };
    }

    private static TimeSpan DelayOf(JsonObject arguments)
    {
        ArgumentTypes.TryMilliseconds(arguments["ms"], out var milliseconds);
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    private static ToolOutcome Fail(JsonObject arguments) => ToolOutcome.Failed(
        TextOf(arguments, "code", DefaultFailCode),
        TextOf(arguments, "message", ""),
        arguments["retryable"]?.GetValueKind() != JsonValueKind.False);

    private static ToolOutcome Sum(JsonArray values)
    {
        var total = JsonNumber.Zero;
        foreach (var value in values)
        {
            ArgumentTypes.TryNumber(value, out var number);
            if (!JsonNumber.TryAdd(total, number, out total))
                return ToolOutcome.Failed(Overflow, $"The sum has more than {JsonNumber.DigitsMax} digits or reaches 1e{JsonNumber.MagnitudeMax}: sum smaller numbers.");
        }
        return ToolOutcome.Succeeded(JsonNode.Parse(total.ToString()));
    }

    private static ToolOutcome Concat(JsonArray values, string separator) =>
        ToolOutcome.Succeeded(JsonValue.Create(string.Join(separator, values.Select(ValueTemplate.TextOf))));

    private static string TextOf(JsonObject arguments, string name, string otherwise) =>
        arguments.TryGetPropertyValue(name, out var value) && value is not null ? value.GetValue<string>() : otherwise;
}
