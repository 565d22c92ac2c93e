using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swim.Benchmarks;

/// <summary>Prints measures: a table for people, then one line of JSON for programs.</summary>
public static class Report
{
    /// <summary>Writes both; the JSON is the last line.</summary>
    public static void Write(TextWriter writer, string bench, string commit, IReadOnlyList<Measure> measures)
    {
        foreach (var measure in measures)
        {
            var bounds = $"{Bound("target", measure.Target)}{Bound("limit", measure.Limit)}{(measure.IsReached ? "" : "  TARGET MISSED")}";
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measure.Id,-24} {measure.Value,12:0.###} {measure.Unit,-6}{bounds}"));
        }

        writer.WriteLine(Json(bench, commit, measures).ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static JsonObject Json(string bench, string commit, IReadOnlyList<Measure> measures) => new()
    {
        ["bench"] = bench,
        ["commit"] = commit,
        ["cores"] = Environment.ProcessorCount,
        ["results"] = new JsonArray([.. measures.Select(JsonNode (measure) => new JsonObject
        {
            ["id"] = measure.Id,
            ["value"] = Math.Round(measure.Value, 3),
            ["unit"] = measure.Unit,
            ["better"] = measure.Better == Better.Higher ? "higher" : "lower",
            ["target"] = measure.Target,
            ["met"] = measure.Target is null ? null : measure.IsReached,
            ["limit"] = measure.Limit is { } limit ? Math.Round(limit, 3) : null,
        })]),
    };

    private static string Bound(string name, double? value) =>
        value is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  {name} {value:0.###}");
}
