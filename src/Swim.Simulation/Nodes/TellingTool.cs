using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Workflows.Tools;

namespace Swim.Simulation.Nodes;

/// <summary>
/// A tool of the simulation alone: <c>builtin:delay</c> with a text that begins with <see cref="Mark"/>. Output, time and, now and then, failure
/// depend on the node that runs it and on what it was given, so that two sides of a split do not agree.
/// </summary>
internal static class TellingTool
{
    /// <summary>What the text begins with, given and answered.</summary>
    public const string Mark = "told ";

    private const int FailsOneIn = 10;

    /// <summary>The answer; null where the arguments are not for it.</summary>
    public static ToolOutcome? Run(int node, JsonObject arguments)
    {
        if (arguments["value"] is not JsonValue value || !value.TryGetValue<string>(out var text) || !text.StartsWith(Mark, StringComparison.Ordinal)) return null;
        var hash = StableHash.Of(Encoding.UTF8.GetBytes(text), (ulong)node + 1);
        if (hash % FailsOneIn == 0) return ToolOutcome.Failed("TOLD_NOTHING", "As its node and its arguments will have it.");
        var ms = arguments["ms"]!.GetValue<int>();
        return ToolOutcome.Succeeded(Mark + hash.ToString("x16", CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds((ms / 4) + (int)((hash >> 8) % (ulong)ms)));
    }
}
