using System.Globalization;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;

namespace Swim.Core.Workflows;

/// <summary>
/// A pointer into another task's output, <c>$OUTPUT[task].name[0]["odd name"]</c>, or into the run's input, <c>$INPUT.name</c>. A plain name is made of ASCII letters, digits,
/// <c>_</c> and <c>-</c>; any other stands in brackets and quotes. A step of digits also indexes a list (<c>.items.0</c>).
/// </summary>
/// <param name="Task">Id of the task; empty for the input.</param>
/// <param name="Steps">From the value's root inwards; a list's index is written in decimal.</param>
public sealed record ValueReference(string Task, IReadOnlyList<string> Steps)
{
    /// <summary>What begins a reference to an output.</summary>
    public const string OutputMarker = "$OUTPUT[";

    /// <summary>What a reference to the input is or begins with; as a part of a longer word it is text.</summary>
    public const string InputMarker = "$INPUT";

    private const int StepsMax = 64;

    /// <summary>True for a pointer into the run's input.</summary>
    public bool IsInput => Task.Length == 0;

    /// <summary>True when a reference, well formed or not, begins with the first character of <paramref name="text"/>; gives the characters of its marker.</summary>
    public static bool Begins(ReadOnlySpan<char> text, out int markerLength)
    {
        if (text.StartsWith(OutputMarker, StringComparison.Ordinal)) markerLength = OutputMarker.Length;
        else if (text.StartsWith(InputMarker, StringComparison.Ordinal) && !IsWord(text[InputMarker.Length..])) markerLength = InputMarker.Length;
        else markerLength = 0;
        return markerLength > 0;
    }

    /// <summary>
    /// Reads the reference that starts at <paramref name="text"/>'s first character, as far as it goes.
    /// On success <paramref name="length"/> characters belong to it; else <paramref name="fault"/> says what is wrong.
    /// </summary>
    public static ValueReference? Parse(ReadOnlySpan<char> text, out int length, out string fault)
    {
        fault = "";
        var task = "";
        if (Begins(text, out length) && length == OutputMarker.Length)
        {
            var close = text[length..].IndexOf(']');
            if (close < 0) return Fail("the bracket after $OUTPUT is not closed", out fault);
            task = text.Slice(length, close).ToString();
            if (!TaskId.IsValid(task)) return Fail($"'{DocumentPath.Shorten(task)}' is not a task id", out fault);
            length += close + 1;
        }

        var steps = new List<string>();
        while (length < text.Length && text[length] is '.' or '[')
        {
            if (text[length] == '.' && EndsSentence(text[(length + 1)..])) break;
            var step = text[length] == '.' ? ReadName(text, ref length) : ReadBracket(text, ref length);
            if (step is null) return Fail($"after '{DocumentPath.Shorten(text[..length].ToString())}' a name or an index must follow", out fault);
            if (steps.Count == StepsMax) return Fail($"the path has more than {StepsMax} steps", out fault);
            steps.Add(step);
        }
        return new ValueReference(task, steps);
    }

    /// <summary>Follows the path; false when a step is not there.</summary>
    public bool TryFollow(JsonNode? root, out JsonNode? found)
    {
        found = root;
        foreach (var step in Steps)
        {
            if (found is JsonObject members && members.TryGetPropertyValue(step, out found)) continue;
            if (found is JsonArray items && TryIndex(step, items.Count, out var index)) found = items[index];
            else return false;
        }
        return true;
    }

    /// <summary>The reference as it is written in a document.</summary>
    public override string ToString() => $"{(IsInput ? InputMarker : $"{OutputMarker}{Task}]")}{string.Concat(Steps.Select(WriteStep))}";

    private static string WriteStep(string step) => step switch
    {
        _ when step.All(char.IsAsciiDigit) && step.Length > 0 => $"[{step}]",
        _ when step.All(IsNameUnit) && step.Length > 0 => "." + step,
        _ => $"[\"{step}\"]",
    };

    private static bool TryIndex(string step, int count, out int index) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < count;

    // "see $OUTPUT[t1]." ends a sentence; "$OUTPUT[t1]..a" is a mistake.
    private static bool EndsSentence(ReadOnlySpan<char> rest) => rest.IsEmpty || char.IsWhiteSpace(rest[0]);

    private static string? ReadName(ReadOnlySpan<char> text, ref int at)
    {
        var end = ++at;
        while (end < text.Length && IsNameUnit(text[end])) end++;
        var name = text[at..end];
        at = end;
        return name.IsEmpty ? null : name.ToString();
    }

    private static string? ReadBracket(ReadOnlySpan<char> text, ref int at)
    {
        var rest = text[++at..];
        var quoted = !rest.IsEmpty && rest[0] == '"';
        var close = quoted ? rest[1..].IndexOf("\"]", StringComparison.Ordinal) : rest.IndexOf(']');
        if (close < 0) return null;
        if (quoted) close++;
        var step = quoted ? rest[1..close] : rest[..close];
        if (!quoted && (step.Length is 0 or > 9 || step.ContainsAnyExceptInRange('0', '9'))) return null;
        at += close + (quoted ? 2 : 1);
        return step.ToString();
    }

    private static bool IsWord(ReadOnlySpan<char> rest) => !rest.IsEmpty && (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] == '_');

    private static bool IsNameUnit(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-';

    private static ValueReference? Fail(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
