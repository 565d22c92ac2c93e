using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Swim.Core.Workflows.Documents;
using Swim.Node.Grpc;

namespace Swim.Node.Http;

/// <summary>
/// A request message gathered from path, query, headers and body: each field by its name in the proto file or its JSON name, each value
/// by the protobuf JSON mapping. Throws INVALID_ARGUMENT that names the field.
/// </summary>
internal sealed class RequestFields(IMessage message)
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);
    private readonly Dictionary<string, JsonNode?> _given = new(StringComparer.Ordinal);

    /// <summary>True when the field has a value already.</summary>
    public bool Has(string name) => _given.ContainsKey(name);

    /// <summary>Sets a field. The same value twice is well; two different ones are refused.</summary>
    public void Set(string name, JsonNode? value)
    {
        var field = FieldOf(name);
        if (_given.TryGetValue(field.Name, out var before))
        {
            if (!JsonNode.DeepEquals(before, value)) throw ApiErrors.Invalid($"{field.Name} is given twice, with different values.");
            return;
        }

        _given[field.Name] = value;
        if (field is { FieldType: FieldType.String, IsRepeated: false } && value?.GetValueKind() == JsonValueKind.String)
        {
            // As the mapping would, but without another three copies of a long document.
            field.Accessor.SetValue(message, value.GetValue<string>());
            return;
        }

        try
        {
            message.MergeFrom(Parser.Parse(new JsonObject { [field.Name] = value?.DeepClone() }.ToJsonString(), message.Descriptor).ToByteArray());
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw ApiErrors.Invalid($"{field.Name}: {fault.Message}");
        }
    }

    /// <summary>Sets a field from text: of the query, the path or a header.</summary>
    public void SetText(string name, IReadOnlyList<string?> values)
    {
        var field = FieldOf(name);
        if (field.IsRepeated) Set(name, new JsonArray([.. values.Select(static value => (JsonNode?)value)]));
        else if (values is [var value]) Set(name, field.FieldType == FieldType.Bytes ? Base64Of(value ?? "") : value ?? "");
        else throw ApiErrors.Invalid($"{field.Name} is given {values.Count} times.");
    }

    private FieldDescriptor FieldOf(string name) =>
        message.Descriptor.Fields.InDeclarationOrder().FirstOrDefault(field => field.Name == name || field.JsonName == name)
        ?? throw ApiErrors.Invalid($"There is no field '{DocumentPath.Shorten(name)}' here.{NearestName.Suggest(name, message.Descriptor.Fields.InDeclarationOrder().Select(static field => field.Name))}");

    // In a query a plus sign means a space, so both alphabets are taken, and the spaces that were plus signs.
    private static string Base64Of(string text) => text.Replace(' ', '+').Replace('-', '+').Replace('_', '/');
}
