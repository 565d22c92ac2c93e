using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>What /openapi.json says is what is there.</summary>
public sealed partial class OpenApiTests(LiveNode node) : IClassFixture<LiveNode>
{
    [Fact]
    public async Task Every_route_is_described_and_every_description_is_a_route()
    {
        var described = Operations(await node.GetAsync("/openapi.json")).Select(static operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}");
        var served = node.Host.Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.DisplayName?.StartsWith("gRPC", StringComparison.Ordinal) != true)
            .SelectMany(static endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Where(static method => method != "HEAD").Select(method => $"{method} {endpoint.RoutePattern.RawText}"));
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_call_of_the_service_Workflows_is_there()
    {
        var names = Operations(await node.GetAsync("/openapi.json")).Select(static operation => (string)operation.Operation["operationId"]!).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        var calls = node.Host.Endpoints.Select(static endpoint => Call().Match(endpoint.DisplayName ?? "")).Where(static call => call.Success).Select(static call => call.Groups[1].Value).ToList();
        Assert.Contains("SubmitWorkflow", calls);
        Assert.Empty(calls.Except(names));
    }

    [Fact]
    public async Task References_lead_somewhere_and_every_schema_is_used_and_parameters_of_paths_are_declared()
    {
        var document = await node.GetAsync("/openapi.json");
        Assert.Equal("3.1.0", (string)document["openapi"]!);
        var schemas = document["components"]!["schemas"]!.AsObject().Select(static schema => schema.Key).ToList();
        var used = Reference().Matches(document.ToJsonString()).Select(static match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(schemas.Order(StringComparer.Ordinal), used);
        foreach (var (_, path, operation) in Operations(document))
        {
            var declared = operation["parameters"]!.AsArray().Where(static parameter => (string)parameter!["in"]! == "path").Select(static parameter => (string)parameter!["name"]!);
            Assert.Equal(Parameter().Matches(path).Select(static match => match.Groups[1].Value), declared);
            Assert.All(operation["responses"]!.AsObject(), static response => Assert.NotEmpty((string)response.Value!["description"]!));
        }
    }

    [Fact]
    public async Task Fields_are_described_in_the_words_of_the_proto_files()
    {
        var schemas = (await node.GetAsync("/openapi.json"))["components"]!["schemas"]!;
        Assert.Equal("0: never started", (string)schemas["Task"]!["properties"]!["attempt"]!["description"]!);
        Assert.StartsWith("What differs from the state before.", (string)schemas["WorkflowDelta"]!["description"]!, StringComparison.Ordinal);
        Assert.Contains("TASK_STATE_SKIPPED: a dependency did not succeed.", (string)schemas["TaskState"]!["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_and_refusals_have_the_described_form()
    {
        var check = new SchemaCheck(await node.GetAsync("/openapi.json"));
        using var submitted = await node.PostAsync("/v1/workflows", "tasks:\n  - { id: a, tool: 'builtin:fail', arguments: { message: no } }\n  - { id: b, tool: 'builtin:echo', arguments: { value: 1 } }\n");
        await check.AssertAsync("post", "/v1/workflows", submitted);
        var one = submitted.Headers.Location!.ToString();
        (string Method, string Pattern, string Path)[] calls =
        [
            ("get", "/v1/workflows/{workflow_id}", one + "?wait_ms=30000"), ("get", "/v1/workflows/{workflow_id}", "/v1/workflows/x"), ("get", "/v1/workflows/{workflow_id}", "/v1/workflows/" + new string('0', 32)),
            ("post", "/v1/workflows/{workflow_id}/cancel", one + "/cancel"), ("get", "/v1/workflows", "/v1/workflows"), ("get", "/v1/workflows", "/v1/workflows?page_size=x"), ("post", "/v1/workflows", "/v1/workflows"),
            ("get", "/v1/cluster/status", "/v1/cluster/status"), ("get", "/v1/cluster/members", "/v1/cluster/members"), ("get", "/v1/cluster/ring", "/v1/cluster/ring"), ("get", "/v1/cluster/ring", "/v1/cluster/ring?workflow_id=x"),
            ("get", "/v1/workflows/{workflow_id}/watch", "/v1/workflows/x/watch"), ("get", "/livez", "/livez"), ("get", "/metrics", "/metrics"), ("get", "/openapi.json", "/openapi.json"),
        ];
        foreach (var (method, pattern, path) in calls)
        {
            using var answer = await node.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path));
            await check.AssertAsync(method, pattern, answer);
        }

        using var judged = await node.PostAsync("/v1/validate", "tasks: []");
        await check.AssertAsync("post", "/v1/validate", judged);
        var watched = await node.Http.GetStringAsync(one + "/watch");
        check.AssertIs("WatchWorkflowResponse", JsonNode.Parse(Data().Match(watched).Groups[1].Value)!);
    }

    private static IEnumerable<(string Method, string Path, JsonNode Operation)> Operations(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject().Select(operation => (operation.Key, path.Key, operation.Value!)));

    [GeneratedRegex("\"#/components/schemas/([A-Za-z]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("^gRPC - /swim.v1.Workflows/([A-Za-z]+)$")]
    private static partial Regex Call();

    [GeneratedRegex("^data: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Data();
}
