using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;

namespace Swim.Simulation.Workloads;

/// <summary>Draws workflows: random graphs of the pure builtin tools, with the one right answer worked out beside the document.</summary>
internal sealed class WorkflowGenerator(Prng prng, int delayMsMax = 700)
{
    private const int TextLengthMax = 400;
    private const int LargePerMille = 15;
    private const int LargeWordsMax = 20_000;

    private readonly List<ExpectedTask> _expected = [];
    private readonly List<JsonNode?> _outputs = [];

    /// <summary>Draws one of 1 to <paramref name="tasksMax"/> tasks.</summary>
    public ExpectedRun Draw(int tasksMax, bool isMajority = false)
    {
        _expected.Clear();
        _outputs.Clear();
        var tasks = new JsonArray();
        for (var count = 1 + prng.Next(tasksMax); count > 0; count--) tasks.Add((JsonNode)DrawTask());
        var document = new JsonObject { ["name"] = "generated", ["tasks"] = tasks };
        if (isMajority) document["consistency"] = "majority";
        return new ExpectedRun(Canonical(document), [.. _expected]);
    }

    /// <summary>The bytes of a document that is valid.</summary>
    public static byte[] Canonical(JsonObject document)
    {
        JsonDocumentReader.Read(Encoding.UTF8.GetBytes(document.ToJsonString())).TryGet(out var root, out _);
        var read = WorkflowReader.Read(root!).TryGet(out var definition);
        Invariant.Holds(read, "a generated workflow is valid");
        return CanonicalWorkflow.Write(definition!);
    }

    private JsonObject DrawTask()
    {
        var waits = DrawWaits();
        var (tool, arguments, result) = DrawTool(waits);
        var id = NameOf(_expected.Count);
        var task = new JsonObject
        {
            ["id"] = id,
            ["tool"] = tool,
            ["arguments"] = arguments,
            ["depends_on"] = new JsonArray([.. waits.Select(wait => (JsonNode)NameOf(wait))]),
        };
        if (tool == "builtin:fail" && prng.Chance(500)) task["retry"] = new JsonObject { ["max_attempts"] = 2 + prng.Next(2), ["backoff_ms"] = 50 + prng.Next(200) };
        if (result.IsLate) task["timeout_ms"] = 50;
        var runs = waits.All(wait => _expected[wait].State == TaskState.Succeeded);
        var state = !runs ? TaskState.Skipped : result.Fails || result.IsLate ? TaskState.Failed : TaskState.Succeeded;
        _expected.Add(new ExpectedTask(id, state, state == TaskState.Succeeded ? CanonicalJson.ToText(result.Output) : "", waits));
        _outputs.Add(result.Output);
        return task;
    }

    private int[] DrawWaits()
    {
        var waits = new SortedSet<int>();
        if (_expected.Count > 0)
        {
            for (var count = prng.Next(4); count > 0; count--) waits.Add(prng.Next(_expected.Count));
        }

        return [.. waits];
    }

    private readonly record struct Result(JsonNode? Output, bool Fails = false, bool IsLate = false);

    private (string Tool, JsonObject Arguments, Result Result) DrawTool(int[] waits)
    {
        switch (prng.Next(20))
        {
            case 0: return ("builtin:fail", new JsonObject { ["message"] = "as asked", ["retryable"] = prng.Chance(500) }, new Result(null, Fails: true));
            case < 6: return Sum(waits);
            case < 10: return Concat(waits);
            case < 14: return Delay(waits);
            default:
                var (written, value) = DrawValue(waits);
                return ("builtin:echo", new JsonObject { ["value"] = written }, new Result(value));
        }
    }

    private (string, JsonObject, Result) Delay(int[] waits)
    {
        var isLate = prng.Chance(60);
        var (written, value) = DrawValue(waits);
        return ("builtin:delay", new JsonObject { ["ms"] = isLate ? 5_000 : prng.Next(delayMsMax), ["value"] = written }, new Result(value, IsLate: isLate));
    }

    private (string, JsonObject, Result) Sum(int[] waits)
    {
        var (total, values) = (0L, new JsonArray());
        foreach (var wait in waits)
        {
            if (_outputs[wait] is JsonValue output && output.TryGetValue<long>(out var number) && Math.Abs(number) < 1L << 40) Take(ReferenceTo(wait), number);
        }

        for (var more = 1 + prng.Next(3); more > 0; more--)
        {
            var number = prng.Next(2_000) - 1_000L;
            Take(JsonValue.Create(number), number);
        }

        return ("builtin:sum", new JsonObject { ["values"] = values }, new Result(JsonValue.Create(total)));
        void Take(JsonNode written, long number)
        {
            values.Add(written);
            total += number;
        }
    }

    private (string, JsonObject, Result) Concat(int[] waits)
    {
        var (text, values) = (new StringBuilder(), new JsonArray());
        foreach (var wait in waits)
        {
            if (TextOf(_outputs[wait]) is not { } output || text.Length + output.Length > TextLengthMax) continue;
            values.Add(ReferenceTo(wait));
            text.Append(output).Append('-');
        }

        values.Add((JsonNode)"end");
        return ("builtin:concat", new JsonObject { ["values"] = values, ["separator"] = "-" }, new Result(text.Append("end").ToString()));
    }

    private (JsonNode? Written, JsonNode? Value) DrawValue(int[] waits)
    {
        if (waits.Length > 0 && prng.Chance(500))
        {
            var wait = waits[prng.Next(waits.Length)];
            return (ReferenceTo(wait), _outputs[wait]?.DeepClone());
        }

        var number = prng.Next(1_000_000) - 500_000L;
        if (prng.Chance(LargePerMille)) return Large(number);
        return prng.Chance(700) ? (JsonValue.Create(number), JsonValue.Create(number)) : (JsonValue.Create($"text {number}"), JsonValue.Create($"text {number}"));
    }

    // Beyond what one cell holds.
    private (JsonNode? Written, JsonNode? Value) Large(long number)
    {
        var text = string.Join(' ', Enumerable.Repeat(number.ToString(CultureInfo.InvariantCulture), 1 + prng.Next(LargeWordsMax)));
        return (JsonValue.Create(text), JsonValue.Create(text));
    }

    // What a task that fails or is skipped would have said does not matter: whoever refers to it is skipped.
    private static string? TextOf(JsonNode? output) => output switch
    {
        JsonValue value when value.TryGetValue<long>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => null,
    };

    private static JsonValue ReferenceTo(int task) => JsonValue.Create($"$OUTPUT[{NameOf(task)}]");

    private static string NameOf(int task) => string.Create(CultureInfo.InvariantCulture, $"t{task}");
}
