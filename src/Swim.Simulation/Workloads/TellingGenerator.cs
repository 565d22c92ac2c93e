using System.Globalization;
using System.Text.Json.Nodes;
using Swim.Core.Primitives;
using Swim.Core.Workflows;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Workloads;

/// <summary>
/// Draws workflows of tasks whose results depend on who runs them (<see cref="TellingTool"/>), under each <c>on_winner_change</c>. There is no right answer, but a
/// right relation between answers.
/// </summary>
internal sealed class TellingGenerator(Prng prng, int delayMsMax)
{
    private static readonly string[] Policies = ["accept", "rerun", "fail"];

    /// <summary>Draws one of 2 to <paramref name="tasksMax"/> tasks.</summary>
    public ExpectedRun Draw(int tasksMax, bool isMajority)
    {
        var tasks = new JsonArray();
        var expected = new List<ExpectedTask>();
        for (var count = 2 + prng.Next(tasksMax - 1); count > 0; count--)
        {
            var waits = DrawWaits(expected.Count);
            tasks.Add((JsonNode)TaskOf(expected.Count, waits));
            expected.Add(new ExpectedTask(NameOf(expected.Count), TaskState.Succeeded, "", waits));
        }

        var document = new JsonObject { ["name"] = "telling", ["on_winner_change"] = Policies[prng.Next(3)], ["tasks"] = tasks };
        if (isMajority) document["consistency"] = "majority";
        return new ExpectedRun(WorkflowGenerator.Canonical(document), expected);
    }

    private int[] DrawWaits(int before)
    {
        var waits = new SortedSet<int>();
        for (var count = before == 0 ? 0 : 1 + prng.Next(2); count > 0; count--) waits.Add(prng.Next(before));
        return [.. waits];
    }

    private JsonObject TaskOf(int index, int[] waits)
    {
        // One in some only waits: it is given nothing.
        var isGiven = prng.Chance(850);
        var text = TellingTool.Mark + NameOf(index) + (isGiven ? string.Concat(waits.Select(wait => $" $OUTPUT[{NameOf(wait)}]")) : "");
        var task = new JsonObject
        {
            ["id"] = NameOf(index),
            ["tool"] = "builtin:delay",
            ["arguments"] = new JsonObject { ["ms"] = 1 + prng.Next(delayMsMax), ["value"] = text },
            ["depends_on"] = new JsonArray([.. waits.Select(wait => (JsonNode)NameOf(wait))]),
        };
        if (prng.Chance(100)) task["at_most_once"] = true;
        return task;
    }

    private static string NameOf(int task) => string.Create(CultureInfo.InvariantCulture, $"t{task}");
}
