using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swim.Chaos;

/// <summary>One call as its client saw it.</summary>
/// <param name="Tag">Names the workflow; also its idempotency key.</param>
/// <param name="Server">Who was asked.</param>
/// <param name="StartedUnixMs">When it was asked.</param>
/// <param name="ElapsedMs">How long the answer took.</param>
/// <param name="WorkflowId">The id answered; null when the call failed, and then nothing is promised: it may have been stored or not.</param>
/// <param name="Acked">The ack level reached.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record Operation(string Tag, string Server, long StartedUnixMs, long ElapsedMs, string? WorkflowId, string? Acked, string? Error);

/// <summary>The file of all calls, one JSON object a line, in the order of their ends.</summary>
internal sealed class History(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(path, append: true) { AutoFlush = true };

    public void Add(Operation operation)
    {
        lock (_gate) _writer.WriteLine(JsonSerializer.Serialize(operation, HistoryJson.Default.Operation));
    }

    public void Dispose() => _writer.Dispose();

    public static IReadOnlyList<Operation> Read(string path) =>
        [.. File.ReadLines(path).Select(static line => JsonSerializer.Deserialize(line, HistoryJson.Default.Operation)!)];
}

[JsonSerializable(typeof(Operation))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class HistoryJson : JsonSerializerContext;
