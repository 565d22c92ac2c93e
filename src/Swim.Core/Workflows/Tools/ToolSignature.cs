using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows.Tools;

/// <summary>One argument of a tool.</summary>
/// <param name="Name">Its name in <c>arguments</c>.</param>
/// <param name="Type">What it must be.</param>
/// <param name="IsRequired">False: it may be left out.</param>
public sealed record ToolParameter(string Name, ArgumentType Type, bool IsRequired);

/// <summary>An argument that does not fit.</summary>
/// <param name="Parameter">Its name; null when one is missing.</param>
/// <param name="Inner">The element's index or the member's name inside it; null when the argument itself is meant.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record ArgumentFault(string? Parameter, string? Inner, string Message);

/// <summary>The arguments a tool takes; checked at submission as far as they are known, and again before it runs.</summary>
/// <param name="Tool">Its full name, <c>server:name</c>.</param>
/// <param name="Parameters">In the order of the documentation.</param>
public sealed record ToolSignature(string Tool, IReadOnlyList<ToolParameter> Parameters)
{
    /// <summary>Everything wrong with <paramref name="arguments"/>. With <paramref name="allowReferences"/> an <c>$OUTPUT[...]</c> fits any type.</summary>
    public IEnumerable<ArgumentFault> Check(JsonObject arguments, bool allowReferences)
    {
        foreach (var (name, value) in arguments)
        {
            var parameter = Parameters.FirstOrDefault(parameter => parameter.Name == name);
            if (parameter is null) yield return new ArgumentFault(name, null, Unknown(name));
            else if (ArgumentTypes.Check(parameter, value, allowReferences) is { } fault) yield return fault with { Message = $"{Tool}: {fault.Message}" };
        }
        foreach (var parameter in Parameters)
        {
            if (parameter.IsRequired && !arguments.ContainsKey(parameter.Name))
                yield return new ArgumentFault(null, null, $"{Tool} needs the argument '{parameter.Name}', {ArgumentTypes.Describe(parameter.Type)}: add it.");
        }
    }

    private string Unknown(string name)
    {
        var names = Parameters.Select(parameter => parameter.Name);
        return $"{Tool} has no argument '{DocumentPath.Shorten(name)}'; it takes {string.Join(", ", names)}.{NearestName.Suggest(name, names)}";
    }
}
