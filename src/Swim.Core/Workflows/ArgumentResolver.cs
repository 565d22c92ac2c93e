using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;

namespace Swim.Core.Workflows;

/// <summary>Finds the whole value that a reference points into; false when there is none (a task not finished, failed, not there; a run without input). A JSON null is a value.</summary>
public delegate bool ValueLookup(ValueReference reference, out JsonNode? value);

/// <summary>
/// Puts values in the place of <c>$OUTPUT[...]</c> and <c>$INPUT</c> in arguments or in a workflow's <c>output</c>. Leaves its inputs as they are
/// and answers a fresh tree. Bounded: the result has at most <see cref="WorkflowLimits.ArgumentsBytesMax"/> bytes and <see cref="DocumentLimits.DepthMax"/> levels.
/// </summary>
public static class ArgumentResolver
{
    /// <summary>A path that the value does not have.</summary>
    public const string PathNotFound = "OUTPUT_PATH_NOT_FOUND";

    /// <summary>A task without an output, or a run without input.</summary>
    public const string NotAvailable = "OUTPUT_NOT_AVAILABLE";

    /// <summary>A malformed reference; a definition that the reader let pass has none.</summary>
    public const string Malformed = "OUTPUT_REFERENCE_MALFORMED";

    /// <summary>The result would be larger or deeper than allowed.</summary>
    public const string TooLarge = "ARGUMENTS_TOO_LARGE";

    /// <summary>The arguments with every reference replaced; else the failure, which is never retryable.</summary>
    public static bool TryResolve(
        JsonObject arguments, ValueLookup lookup, [NotNullWhen(true)] out JsonObject? resolved, [NotNullWhen(false)] out ToolFailure? failure)
    {
        var done = TryResolveValue(arguments, lookup, out var value, out failure);
        resolved = value as JsonObject;
        return done && resolved is not null;
    }

    /// <summary>As <see cref="TryResolve"/>, for any value, such as a workflow's output.</summary>
    public static bool TryResolveValue(
        JsonNode? value, ValueLookup lookup, out JsonNode? resolved, [NotNullWhen(false)] out ToolFailure? failure)
    {
        var pass = new Pass(lookup);
        resolved = pass.Resolve(value, 0);
        failure = pass.Failure;
        if (failure is not null) resolved = null;
        return failure is null;
    }

    private sealed class Pass(ValueLookup lookup)
    {
        private int _bytes;

        public ToolFailure? Failure { get; private set; }

        public JsonNode? Resolve(JsonNode? value, int depth)
        {
            if (Failure is not null) return null;
            if (depth > DocumentLimits.DepthMax) return Fail(TooLarge, $"The arguments nest deeper than {DocumentLimits.DepthMax} levels once outputs are put in.");
            return value switch
            {
                JsonObject members => ResolveObject(members, depth),
                JsonArray items => new JsonArray([.. items.Select(item => Resolve(item, depth + 1))]),
                not null when value.GetValueKind() == JsonValueKind.String => ResolveText(value.GetValue<string>(), depth),
                _ => Spend(value?.DeepClone(), 8),
            };
        }

        private JsonObject ResolveObject(JsonObject members, int depth)
        {
            var result = new JsonObject();
            foreach (var (name, member) in members)
            {
                Spend(null, name.Length);
                result.Add(name, Resolve(member, depth + 1));
            }
            return result;
        }

        private JsonNode? ResolveText(string text, int depth)
        {
            if (!ValueTemplate.IsIn(text)) return Spend(JsonValue.Create(text), text.Length);
            if (ValueTemplate.Parse(text, out var fault) is not { } template) return Fail(Malformed, $"In '{DocumentPath.Shorten(text)}' {fault}.");
            if (template.Whole is { } whole) return Insert(ValueOf(whole), depth);
            var filled = template.Fill(reference => ValueOf(reference) is var value && Failure is null ? Spend(value, SizeOf(value)) : null);
            return Spend(JsonValue.Create(filled), text.Length);
        }

        private JsonNode? Insert(JsonNode? value, int depth)
        {
            if (depth + DepthOf(value) > DocumentLimits.DepthMax)
                return Fail(TooLarge, $"The arguments nest deeper than {DocumentLimits.DepthMax} levels once outputs are put in.");
            return Spend(value, SizeOf(value))?.DeepClone();
        }

        private JsonNode? ValueOf(ValueReference reference)
        {
            if (Failure is not null) return null;
            if (!lookup(reference, out var root)) return Fail(NotAvailable, $"{Name(reference)}, so {reference} has no value.");
            return reference.TryFollow(root, out var found) ? found : Fail(PathNotFound, $"There is nothing at {DocumentPath.Shorten(reference.ToString())}: correct the path, or what it points into.");
        }

        private static string Name(ValueReference reference) => reference.IsInput ? "The run has no input" : $"Task '{reference.Task}' failed or has no output";

        private JsonNode? Spend(JsonNode? value, int bytes)
        {
            _bytes += bytes;
            return _bytes <= WorkflowLimits.ArgumentsBytesMax
                ? value
                : Fail(TooLarge, $"The arguments exceed {WorkflowLimits.ArgumentsBytesMax} bytes once outputs are put in: pass large data by reference.");
        }

        private JsonNode? Fail(string code, string message)
        {
            Failure ??= new ToolFailure(code, message, Retryable: false);
            return null;
        }

        private static int SizeOf(JsonNode? value) => CanonicalJson.Write(value).Length;

        private static int DepthOf(JsonNode? value) => value switch
        {
            JsonObject members => 1 + members.Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
            JsonArray items => 1 + items.Select(DepthOf).DefaultIfEmpty().Max(),
            _ => 0,
        };
    }
}
