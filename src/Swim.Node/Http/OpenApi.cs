using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Swim.Node.Http;

/// <summary>The OpenAPI 3.1 description of routes, made of the records they are served from and of the API's messages.</summary>
internal sealed class OpenApi
{
    // Problem is a message of the API already.
    private const string ProblemName = "HttpProblem";
    private static readonly string[] OfTheBody = ["document", "format"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private readonly OpenApiSchemas _schemas = new();

    private OpenApi()
    {
    }

    /// <summary>The description as JSON text.</summary>
    public static string Write(IReadOnlyList<HttpRoute> routes)
    {
        var description = new OpenApi();
        var paths = new JsonObject(routes.GroupBy(static route => route.Pattern).Select(path => KeyValuePair.Create(path.Key, (JsonNode?)description.PathOf(path))));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Swim Orchestrator",
                ["version"] = typeof(OpenApi).Assembly.GetName().Version!.ToString(3),
                ["description"] = "The HTTP face of a node. Any node answers for any workflow. JSON is the protobuf JSON mapping of protos/swim/v1, with the names of these files.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = description._schemas.ToJson() },
        }.ToJsonString(Readable) + "\n";
    }

    private JsonObject PathOf(IEnumerable<HttpRoute> routes) => new(routes.Select(route => KeyValuePair.Create(route.Method.ToLowerInvariant(), (JsonNode?)OperationOf(route))));

    private JsonObject OperationOf(HttpRoute route)
    {
        var operation = new JsonObject { ["operationId"] = route.Name, ["summary"] = route.Summary, ["parameters"] = ParametersOf(route) };
        if (route.TakesDocument) operation["requestBody"] = BodyOf(route.Request!);
        operation["responses"] = ResponsesOf(route);
        return operation;
    }

    private JsonArray ParametersOf(HttpRoute route)
    {
        var fields = route.Request?.Fields.InDeclarationOrder().Where(field => !route.TakesDocument || !OfTheBody.Contains(field.Name)) ?? [];
        var parameters = fields.Select(field => ParameterOf(field, route.Pattern.Contains($"{{{field.Name}}}", StringComparison.Ordinal)));
        var headers = route.Headers.Select(static header => new JsonObject
        {
            ["name"] = header.Name,
            ["in"] = "header",
            ["description"] = header.Meaning,
            ["schema"] = new JsonObject { ["type"] = "string" },
        });
        return [.. parameters, .. headers];
    }

    private JsonObject ParameterOf(FieldDescriptor field, bool isInPath)
    {
        var parameter = new JsonObject { ["name"] = field.Name, ["in"] = isInPath ? "path" : "query" };
        if (isInPath) parameter["required"] = true;
        if (_schemas.MeaningOf(field) is { } text) parameter["description"] = text;
        parameter["schema"] = _schemas.Of(field);
        return parameter;
    }

    private JsonObject BodyOf(MessageDescriptor request)
    {
        var document = _schemas.Add("WorkflowDocument", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "A workflow, as docs/WORKFLOWS.md describes it. It has no member document: an object that has one is a request.",
            ["not"] = new JsonObject { ["required"] = new JsonArray("document") },
        });
        var content = new JsonObject();
        foreach (var (mediaType, format) in RequestBody.MediaTypes)
        {
            content[mediaType] = new JsonObject
            {
                ["schema"] = format == "json"
                    ? new JsonObject { ["oneOf"] = new JsonArray(document.DeepClone(), _schemas.Request(request, "document")) }
                    : new JsonObject { ["type"] = "string", ["description"] = "A workflow document in YAML." },
            };
        }

        return new JsonObject { ["required"] = true, ["description"] = $"At most {RequestBody.BytesMax} bytes of UTF-8.", ["content"] = content };
    }

    private JsonObject ResponsesOf(HttpRoute route)
    {
        var responses = new JsonObject();
        foreach (var (status, meaning) in route.Successes) responses[Text(status)] = SuccessOf(route, status, meaning);
        foreach (var status in route.Refusals) responses[Text(status)] = RefusalOf(route, status);
        if (route.Response is not null) responses["default"] = ProblemOf("Any other refusal.");
        return responses;
    }

    private JsonObject SuccessOf(HttpRoute route, int status, string meaning)
    {
        var response = new JsonObject { ["description"] = meaning };
        if (status == StatusCodes.Status204NoContent) return response;
        var schema = route.Response is { } message ? _schemas.Answer(message) : new JsonObject { ["type"] = route.ContentType == ProtoJson.ContentType ? "object" : "string" };
        response["content"] = new JsonObject { [MediaTypeOf(route.ContentType)] = new JsonObject { ["schema"] = schema } };
        return response;
    }

    private JsonObject RefusalOf(HttpRoute route, int status)
    {
        var response = route.Response is not null ? ProblemOf(ReasonPhrases.GetReasonPhrase(status)) : SuccessOf(route, status, "Not so.");
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            response["headers"] = new JsonObject { ["Retry-After"] = new JsonObject { ["description"] = "Seconds to wait.", ["schema"] = new JsonObject { ["type"] = "integer" } } };
        return response;
    }

    private JsonObject ProblemOf(string meaning) => new()
    {
        ["description"] = meaning,
        ["content"] = new JsonObject { [Problem.ContentType] = new JsonObject { ["schema"] = _schemas.Add(ProblemName, ProblemSchema()) } },
    };

    private static JsonObject ProblemSchema()
    {
        static JsonObject Property(string type, string meaning) => new() { ["type"] = type, ["description"] = meaning };
        var properties = new JsonObject
        {
            ["type"] = Property("string", "about:blank: code says more."),
            ["title"] = Property("string", "The status in words."),
            ["status"] = Property("integer", "The HTTP status."),
            ["detail"] = Property("string", "As message."),
            ["code"] = Property("string", "Upper case words, stable, as in the gRPC Error."),
            ["message"] = Property("string", "What is wrong, where, and what to do about it; one line for each fault of a document."),
            ["retryable"] = Property("boolean", "True: the same request may succeed later, or at another node."),
            ["retry_after_ms"] = new JsonObject { ["type"] = "string", ["format"] = "int64", ["pattern"] = "^-?[0-9]+$" },
        };
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Why a request was refused (RFC 9457), with the fields of the gRPC Error.",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. properties.Select(static property => (JsonNode)property.Key)]),
        };
    }

    private static string MediaTypeOf(string contentType) => contentType.Split(';')[0];

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
