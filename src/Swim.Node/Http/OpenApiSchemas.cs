using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Swim.Node.Http;

/// <summary>JSON schemas (2020-12, as OpenAPI 3.1 has them) of the API's messages under the protobuf JSON mapping.</summary>
internal sealed class OpenApiSchemas
{
    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);
    private readonly ProtoComments _comments = ProtoComments.Read();

    /// <summary>All that were referred to, by name.</summary>
    public JsonObject ToJson() => new(_schemas.Select(static schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value)));

    /// <summary>A schema of its own name.</summary>
    public JsonObject Add(string name, JsonObject schema)
    {
        if (!_schemas.TryAdd(name, schema) && !JsonNode.DeepEquals(_schemas[name], schema)) throw new InvalidOperationException($"Two schemas are called {name}.");
        return Reference(name);
    }

    /// <summary>A message as a node writes it: every field that cannot be absent is there. More may come with later versions.</summary>
    public JsonObject Answer(MessageDescriptor message)
    {
        if (_schemas.ContainsKey(message.Name)) return Reference(message.Name);
        var schema = _schemas[message.Name] = Described(new JsonObject { ["type"] = "object" }, message.Name);
        schema["properties"] = PropertiesOf(message);
        schema["required"] = new JsonArray([.. message.Fields.InDeclarationOrder().Where(static field => !field.HasPresence).Select(static field => (JsonNode)field.Name)]);
        return Reference(message.Name);
    }

    /// <summary>A message as a client sends it: every field may be left out but <paramref name="required"/>, and no unknown one may be there.</summary>
    public JsonObject Request(MessageDescriptor message, string required)
    {
        var schema = Described(new JsonObject { ["type"] = "object" }, message.Name);
        schema["properties"] = PropertiesOf(message);
        schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
        return Add(message.Name, schema);
    }

    /// <summary>A field's value, without what it means.</summary>
    public JsonObject Of(FieldDescriptor field)
    {
        if (field.IsMap) return new JsonObject { ["type"] = "object", ["additionalProperties"] = OfOne(field.MessageType.FindFieldByNumber(2)) };
        return field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = OfOne(field) } : OfOne(field);
    }

    /// <summary>What the proto files say of a field.</summary>
    public string? MeaningOf(FieldDescriptor field) => _comments.Of(NameOf(field));

    private static string NameOf(FieldDescriptor field) => $"{field.ContainingType.Name}.{field.Name}";

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    private JsonObject PropertiesOf(MessageDescriptor message) =>
        new(message.Fields.InDeclarationOrder().Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Described(Of(field), NameOf(field)))));

    private JsonObject OfOne(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Answer(field.MessageType),
        FieldType.Enum => OfEnum(field.EnumType),
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.Int64 => new JsonObject { ["type"] = "string", ["format"] = "int64", ["pattern"] = "^-?[0-9]+$" },
        FieldType.UInt64 => new JsonObject { ["type"] = "string", ["format"] = "uint64", ["pattern"] = "^[0-9]+$" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        _ => throw new NotSupportedException($"No schema is known for {field.FieldType} of {field.FullName}."),
    };

    private JsonObject OfEnum(EnumDescriptor type)
    {
        if (_schemas.ContainsKey(type.Name)) return Reference(type.Name);
        var meanings = type.Values.Select(value => _comments.Of($"{type.Name}.{value.Name}") is { } text ? $"{value.Name}: {text}." : null).OfType<string>();
        var schema = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. type.Values.Select(static value => (JsonNode)value.Name)]) };
        if (string.Join(' ', meanings) is { Length: > 0 } text) schema["description"] = text;
        return Add(type.Name, schema);
    }

    private JsonObject Described(JsonObject schema, string name)
    {
        if (_comments.Of(name) is { } text) schema["description"] = text;
        return schema;
    }
}
