using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Swim.Client;

namespace Swim.Cli.Output;

/// <summary>
/// What <c>-o json</c> prints: one line, the message of protos/swim/v1 in protobuf's JSON mapping with the field names of the .proto
/// file, enum values by name, 64-bit integers as strings, and every field present.
/// </summary>
public static class JsonText
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonFormatter Formatter =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    /// <summary>One line without its end.</summary>
    public static string Of(IMessage message) => Formatter.Format(message);

    /// <summary>A failed call: <c>{"error":{"status","code","message","retryable","retry_after_ms"}}</c>.</summary>
    public static string Of(SwimException failure) => Error(
        StateWord.Of(failure.Status), failure.Code, failure.Message, failure.Retryable, (long)failure.RetryAfter.TotalMilliseconds);

    /// <summary>A short id that fits several workflows: as above, with <c>candidates</c>, the summaries of those it fits.</summary>
    public static string Of(AmbiguousIdException fault)
    {
        var error = JsonNode.Parse(Error("INVALID_ARGUMENT", AmbiguousIdException.Code, fault.Message, false, 0))!;
        error["error"]!["candidates"] = new JsonArray([.. fault.Candidates.Select(candidate => JsonNode.Parse(Of(candidate)))]);
        return error.ToJsonString(Options);
    }

    /// <summary>A failure that no server has seen.</summary>
    public static string Error(string status, string message) => Error(status, status, message, false, 0);

    private static string Error(string status, string code, string message, bool retryable, long retryAfterMs) => new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["status"] = status,
            ["code"] = code,
            ["message"] = message,
            ["retryable"] = retryable,
            ["retry_after_ms"] = retryAfterMs,
        },
    }.ToJsonString(Options);
}
