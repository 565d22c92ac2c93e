using System.Text.Json;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Tools;

/// <summary>What an argument must be.</summary>
public enum ArgumentType
{
    /// <summary>Any JSON value.</summary>
    Any,

    /// <summary>A string.</summary>
    Text,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number from 0 to <see cref="WorkflowLimits.TimeoutMax"/> in milliseconds.</summary>
    Milliseconds,

    /// <summary>A list of anything.</summary>
    List,

    /// <summary>A list of numbers.</summary>
    NumberList,

    /// <summary>A list of strings with at least one.</summary>
    TextList,

    /// <summary>An object whose members are strings.</summary>
    TextMap,
}

/// <summary>Checks a value against an <see cref="ArgumentType"/>.</summary>
internal static class ArgumentTypes
{
    private static readonly long MillisecondsMax = (long)WorkflowLimits.TimeoutMax.TotalMilliseconds;

    public static string Describe(ArgumentType type) => type switch
    {
        ArgumentType.Text => "a string",
        ArgumentType.Boolean => "true or false",
        ArgumentType.Milliseconds => $"a whole number of milliseconds from 0 to {MillisecondsMax}",
        ArgumentType.List => "a list",
        ArgumentType.NumberList => "a list of numbers",
        ArgumentType.TextList => "a list of strings with at least one",
        ArgumentType.TextMap => "an object whose members are strings",
        _ => "any value",
    };

    public static ArgumentFault? Check(ToolParameter parameter, JsonNode? value, bool allowReferences)
    {
        if (parameter.Type == ArgumentType.Any || (allowReferences && IsReference(value))) return null;
        var inner = "";
        var fits = parameter.Type switch
        {
            ArgumentType.Text => IsText(value),
            ArgumentType.Boolean => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            ArgumentType.Milliseconds => TryMilliseconds(value, out _),
            ArgumentType.List => value is JsonArray,
            ArgumentType.NumberList => AllItems(value, item => TryNumber(item, out _), allowReferences, ref inner),
            ArgumentType.TextList => value is JsonArray { Count: > 0 } && AllItems(value, IsText, allowReferences, ref inner),
            _ => AllMembers(value, allowReferences, ref inner),
        };
        return fits ? null : new ArgumentFault(parameter.Name, inner.Length == 0 ? null : inner, Message(parameter, inner));
    }

    public static bool TryMilliseconds(JsonNode? value, out long milliseconds)
    {
        milliseconds = 0;
        return TryNumber(value, out var number) && number.TryGetInt64(out milliseconds) && milliseconds >= 0 && milliseconds <= MillisecondsMax;
    }

    public static bool TryNumber(JsonNode? value, out JsonNumber number)
    {
        number = default;
        return value?.GetValueKind() == JsonValueKind.Number && JsonNumber.TryParse(value.ToJsonString(), out number);
    }

    private static string Message(ToolParameter parameter, string inner) =>
        $"'{parameter.Name}' must be {Describe(parameter.Type)}{(inner.Length == 0 ? "" : $", and '{DocumentPath.Shorten(inner)}' of it is not")}: correct it.";

    // Text around a reference makes a string, so only a whole reference may stand for another type.
    private static bool IsReference(JsonNode? value) =>
        IsText(value) && ValueTemplate.IsIn(value!.GetValue<string>()) && ValueTemplate.Parse(value.GetValue<string>(), out _) is null or { Whole: not null };

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static bool AllItems(JsonNode? value, Func<JsonNode?, bool> fits, bool allowReferences, ref string inner)
    {
        if (value is not JsonArray items) return false;
        for (var i = 0; i < items.Count; i++)
        {
            if (fits(items[i]) || (allowReferences && IsReference(items[i]))) continue;
            inner = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return false;
        }
        return true;
    }

    private static bool AllMembers(JsonNode? value, bool allowReferences, ref string inner)
    {
        if (value is not JsonObject members) return false;
        foreach (var (name, member) in members)
        {
            if (IsText(member) || (allowReferences && IsReference(member))) continue;
            inner = name;
            return false;
        }
        return true;
    }
}
