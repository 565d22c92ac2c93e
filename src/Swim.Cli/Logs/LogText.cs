using System.Globalization;
using System.Text.Json.Nodes;
using Swim.Cli.Output;
using Swim.Core.Replication;
using Swim.Core.Storage;

namespace Swim.Cli.Logs;

/// <summary>What <c>swim log</c> prints.</summary>
internal static class LogText
{
    /// <summary>Everything, for people; <paramref name="buckets"/> where they were asked for.</summary>
    public static void Write(TextWriter writer, LogInspection look, IReadOnlyList<StoredBucket>? buckets)
    {
        writer.WriteLine($"node: {look.Owner?.ToString() ?? "unknown"}");
        writer.WriteLine(look.Checkpoint is { } its ? $"checkpoint: record {Text(its.Position)}, durable through {Text(its.Through)}" : "checkpoint: none");
        var table = new TextTable("FILE", "FIRST", "RECORDS", "BUCKETS", "USED", "BYTES", "TORN", "DAMAGED");
        foreach (var part in look.Checkpoint?.Parts ?? [])
            table.Add(part.File, "", "", Text(part.Buckets), Text(part.Bytes), Text(part.Bytes), "", part.Damaged.Count == 0 ? "" : Text(part.Damaged.Count));
        foreach (var file in look.Segments)
            table.Add(file.File, Text(file.First), Text(file.Records), "", Text(file.Used), Text(file.Bytes), file.TornBytes == 0 ? "" : Text(file.TornBytes), "");
        table.WriteTo(writer);
        if (buckets is not null) WriteBuckets(writer, buckets);
        WriteFaults(writer, look);
    }

    /// <summary>What is wrong, or that nothing is.</summary>
    public static void WriteVerdict(TextWriter writer, LogInspection look)
    {
        WriteFaults(writer, look);
        var torn = look.Segments.Sum(static file => file.TornBytes);
        if (torn > 0) writer.WriteLine($"a start will cut off {Text(torn)} bytes that a crash left of records that were never durable");
        if (look.Faults.Count == 0) writer.WriteLine($"ok: records {Text(look.Segments.Sum(static file => file.Records))}, buckets of the checkpoint {Text(look.Checkpoint?.Parts.Sum(static part => part.Buckets) ?? 0)}");
    }

    /// <summary>One line for programs; <paramref name="buckets"/> where they were asked for.</summary>
    public static string Json(LogInspection look, IReadOnlyList<StoredBucket>? buckets = null)
    {
        var json = ToJson(look);
        if (buckets is not null) json["buckets"] = new JsonArray([.. buckets.Select(ToJson)]);
        return json.ToJsonString();
    }

    private static JsonObject ToJson(StoredBucket bucket) => new()
    {
        ["bucket"] = bucket.Number,
        ["cells"] = bucket.Cells,
        ["tombstones"] = bucket.Tombstones,
        ["cells_sha256"] = bucket.CellsSha256,
        ["context_sha256"] = bucket.ContextSha256,
    };

    private static JsonObject ToJson(LogInspection look) => new()
    {
        ["ok"] = look.Faults.Count == 0,
        ["node"] = look.Owner?.ToString(),
        ["checkpoint"] = look.Checkpoint is not { } its ? null : new JsonObject
        {
            ["position"] = Text(its.Position),
            ["through"] = Text(its.Through),
            ["parts"] = new JsonArray([.. its.Parts.Select(static part => new JsonObject
            {
                ["file"] = part.File,
                ["shard"] = part.Shard,
                ["position"] = Text(part.Position),
                ["bytes"] = Text(part.Bytes),
                ["buckets"] = part.Buckets,
                ["damaged_buckets"] = new JsonArray([.. part.Damaged.Select(static bucket => JsonValue.Create(bucket))]),
            })]),
        },
        ["files"] = new JsonArray([.. look.Segments.Select(static file => new JsonObject
        {
            ["file"] = file.File,
            ["first"] = Text(file.First),
            ["records"] = Text(file.Records),
            ["used_bytes"] = Text(file.Used),
            ["bytes"] = Text(file.Bytes),
            ["torn_bytes"] = Text(file.TornBytes),
        })]),
        ["faults"] = new JsonArray([.. look.Faults.Select(static fault => new JsonObject
        {
            ["file"] = fault.File,
            ["message"] = fault.Message,
            ["refuses_start"] = fault.RefusesStart,
        })]),
    };

    private static void WriteBuckets(TextWriter writer, IReadOnlyList<StoredBucket> buckets)
    {
        var table = new TextTable("BUCKET", "CELLS", "TOMBSTONES", "SHA-256 OF THE CELLS", "SHA-256 OF THE CONTEXT");
        foreach (var bucket in buckets) table.Add(Text(bucket.Number), Text(bucket.Cells), Text(bucket.Tombstones), bucket.CellsSha256, bucket.ContextSha256);
        table.WriteTo(writer);
    }

    private static void WriteFaults(TextWriter writer, LogInspection look)
    {
        foreach (var fault in look.Faults)
            writer.WriteLine(Printable.Line($"{fault.File}: {fault.Message}: {(fault.RefusesStart ? "a node does not start with this" : "a node that has others starts and asks them, one alone starts only with --accept-log-damage")}"));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
