using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>Holds answers to an OpenAPI document: the keywords of JSON Schema that ours uses, and no property that it does not name.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    /// <summary>Status and content type are described for this operation, and a JSON body has the described form.</summary>
    public async Task AssertAsync(string method, string pattern, HttpResponseMessage answer)
    {
        var responses = document["paths"]![pattern]![method]!["responses"]!;
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        Assert.True(responses[status] is not null, $"{method} {pattern} answers {status}, which is not described");
        var type = answer.Content.Headers.ContentType!.MediaType!;
        var content = responses[status]!["content"]![type];
        Assert.True(content is not null, $"{method} {pattern} answers {status} as {type}, which is not described");
        if (type.EndsWith("json", StringComparison.Ordinal)) Assert.Empty(Faults(content["schema"]!, await LiveNode.JsonAsync(answer), "$"));
    }

    /// <summary>A value has the form of a named schema.</summary>
    public void AssertIs(string schema, JsonNode value) => Assert.Empty(Faults(document["components"]!["schemas"]![schema]!, value, "$"));

    private IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string at)
    {
        if ((string?)schema["$ref"] is { } reference) return Faults(document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!, value, at);
        return (string)schema["type"]! switch
        {
            "object" => value is JsonObject map ? ObjectFaults(schema, map, at) : [$"{at} is no object"],
            "array" => value is JsonArray list ? list.SelectMany((item, i) => Faults(schema["items"]!, item, $"{at}[{i}]")) : [$"{at} is no array"],
            "string" => value?.GetValueKind() == JsonValueKind.String ? TextFaults(schema, (string)value!, at) : [$"{at} is no string"],
            "integer" => value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _) ? [] : [$"{at} is no integer"],
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? [] : [$"{at} is no boolean"],
            var type => [$"{at}: the check knows no {type}"],
        };
    }

    private IEnumerable<string> ObjectFaults(JsonNode schema, JsonObject value, string at)
    {
        if (schema["properties"] is null && schema["additionalProperties"] is null) return [];
        var missing = schema["required"]?.AsArray().Select(static name => (string)name!).Where(name => !value.ContainsKey(name)).Select(name => $"{at}.{name} is missing") ?? [];
        return missing.Concat(value.SelectMany(member => (schema["properties"]?[member.Key] ?? schema["additionalProperties"]) is JsonObject described
            ? Faults(described, member.Value, $"{at}.{member.Key}")
            : [$"{at}.{member.Key} is not described"]));
    }

    private static IEnumerable<string> TextFaults(JsonNode schema, string value, string at)
    {
        if (schema["enum"] is JsonArray names && !names.Any(name => (string)name! == value)) yield return $"{at} is '{value}', which is not among the described";
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(value, pattern)) yield return $"{at} is '{value}', not {pattern}";
    }
}
