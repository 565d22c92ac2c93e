using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>The API over HTTP: what goes well.</summary>
public sealed class WorkflowRoutesTests(LiveNode node) : IClassFixture<LiveNode>
{
    [Theory]
    [InlineData("application/yaml")]
    [InlineData("application/yaml; charset=UTF-8")]
    [InlineData("text/yaml")]
    [InlineData("application/x-yaml")]
    public async Task A_document_as_the_body_is_stored_and_runs(string contentType)
    {
        using var answer = await node.PostAsync("/v1/workflows", LiveNode.Document("body", 7), contentType);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var workflow = await node.GetAsync(answer.Headers.Location + "?wait_ms=30000");
        Assert.Equal(("WORKFLOW_STATE_SUCCEEDED", "7"), ((string)workflow["state"]!, (string)workflow["output_json"]!));
    }

    [Fact]
    public async Task A_json_body_is_a_document_unless_it_has_the_member_document()
    {
        const string Document = """{"name":"plain","tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":"$INPUT"}}],"output":"$OUTPUT[a]"}""";
        var request = new JsonObject { ["document"] = Document, ["format"] = "json", ["input_json"] = "[5]", ["namespace"] = "team a" };
        using var asRequest = await node.PostAsync("/v1/workflows", request.ToJsonString(), "application/json");
        using var asDocument = await node.PostAsync("/v1/workflows?input_json=[5]&namespace=team%20a", Document, "application/json");
        foreach (var answer in new[] { asRequest, asDocument })
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            var workflow = await node.GetAsync(answer.Headers.Location + "&wait_ms=30000");
            Assert.Equal(("team a", "[5]"), ((string)workflow["namespace"]!, (string)workflow["output_json"]!));
        }
    }

    [Fact]
    public async Task The_json_of_a_workflow_is_the_message_that_grpc_clients_get()
    {
        var id = await node.SubmitAsync(LiveNode.Document("same", 1));
        var json = await node.Http.GetStringAsync($"/v1/workflows/{id}?wait_ms=30000");
        var message = await node.Grpc.GetAsync(id);
        Assert.Equal(message, Read(json, message));
        // A message that is not set, such as a merge report where nothing was merged, is left out.
        foreach (var field in ((IMessage)message).Descriptor.Fields.InDeclarationOrder().Where(field => !field.HasPresence || field.Accessor.HasValue(message))) Assert.Contains($"\"{field.Name}\":", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order-1", "order-1")]
    [InlineData("\"order-2\"", "order-2")]
    [InlineData("\"a \\\" \\\\ b\"", "a \" \\ b")]
    public async Task An_idempotency_key_gives_the_same_workflow_whichever_way_it_comes(string header, string key)
    {
        using var first = await node.PostAsync("/v1/workflows", LiveNode.Document("key", 1), headers: ("Idempotency-Key", header));
        using var again = await node.PostAsync("/v1/workflows", LiveNode.Document("key", 1), headers: ("Idempotency-Key", header));
        var inBody = new JsonObject { ["document"] = LiveNode.Document("key", 1), ["idempotencyKey"] = key };
        using var third = await node.PostAsync("/v1/workflows", inBody.ToJsonString(), "application/json", ("Idempotency-Key", header));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK], new[] { first, again, third }.Select(static answer => answer.StatusCode));
        Assert.All([again, third], answer => Assert.Equal(first.Headers.Location, answer.Headers.Location));
        var overGrpc = await node.Grpc.SubmitAsync(new() { Document = LiveNode.Document("key", 1), IdempotencyKey = key });
        Assert.Equal((true, $"/v1/workflows/{overGrpc.WorkflowId}"), (overGrpc.Existing, first.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task A_list_comes_page_by_page_newest_first_and_filtered()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await node.PostAsync("/v1/workflows?namespace=pages", LiveNode.Document($"page{i}", i));
            ids.Insert(0, (string)(await LiveNode.JsonAsync(answer))["workflow_id"]!);
            await node.GetAsync($"{answer.Headers.Location}&wait_ms=30000");
        }

        var seen = new List<string>();
        for (var token = ""; seen.Count == 0 || token.Length > 0;)
        {
            var page = await node.GetAsync($"/v1/workflows?namespace=pages&page_size=2&page_token={token}");
            Assert.False((bool)page["incomplete"]!);
            seen.AddRange(page["workflows"]!.AsArray().Select(static workflow => (string)workflow!["workflow_id"]!));
            token = (string)page["next_page_token"]!;
        }

        Assert.Equal(ids, seen);
        var named = await node.GetAsync("/v1/workflows?namespace=pages&name_prefix=page3&states=WORKFLOW_STATE_SUCCEEDED&states=WORKFLOW_STATE_FAILED");
        Assert.Equal([ids[1]], named["workflows"]!.AsArray().Select(static workflow => (string)workflow!["workflow_id"]!));
        Assert.Empty((await node.GetAsync("/v1/workflows?namespace=pages&states=WORKFLOW_STATE_FAILED"))["workflows"]!.AsArray());
    }

    [Fact]
    public async Task A_cancelled_workflow_ends_cancelled()
    {
        var id = await node.SubmitAsync(LiveNode.Document("long", 1, 60_000));
        using var answer = await node.Http.PostAsync($"/v1/workflows/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("WORKFLOW_STATE_CANCELLED", (string)(await node.GetAsync($"/v1/workflows/{id}?wait_ms=30000"))["state"]!);
    }

    [Fact]
    public async Task A_document_is_judged_without_being_stored()
    {
        var before = (string)(await node.GetAsync("/v1/cluster/status"))["cells"]!;
        using var good = await node.PostAsync("/v1/validate", LiveNode.Document("good", 1));
        var judged = await LiveNode.JsonAsync(good);
        Assert.Equal((true, "good", 2), ((bool)judged["valid"]!, (string)judged["name"]!, (int)judged["tasks"]!));
        using var bad = await node.PostAsync("/v1/validate", """{"tasks":[{"id":"a","tool":"builtin:ecko","arguments":{"value":1}}]}""", "application/json");
        Assert.Equal(HttpStatusCode.OK, bad.StatusCode);
        var problem = (await LiveNode.JsonAsync(bad))["problems"]!.AsArray().Single()!;
        Assert.Equal((1, "builtin:echo"), ((int)problem["line"]!, (string)problem["suggestion"]!));
        Assert.Equal(before, (string)(await node.GetAsync("/v1/cluster/status"))["cells"]!);
    }

    [Fact]
    public async Task The_cluster_is_told_as_over_grpc()
    {
        var id = await node.SubmitAsync(LiveNode.Document("ring", 1));
        var (members, ring) = (await node.Grpc.MembersAsync(), await node.Grpc.RingAsync(id));
        Assert.Equal(members, Read(await node.Http.GetStringAsync("/v1/cluster/members"), members));
        Assert.Equal(ring, Read(await node.Http.GetStringAsync($"/v1/cluster/ring?workflow_id={id}"), ring));
        Assert.Equal(node.Host.Id.ToString(), (string)(await node.GetAsync("/v1/cluster/status"))["node_id"]!);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/openapi.json")]
    [InlineData("/v1/workflows")]
    [InlineData("/v1/cluster/status")]
    public async Task Head_gives_the_headers_of_get_and_no_body(string path)
    {
        using var got = await node.Http.GetAsync(path);
        using var head = await node.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal((got.StatusCode, got.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_page_of_the_node_itself_may_post()
    {
        using var answer = await node.PostAsync("/v1/workflows", LiveNode.Document("own", 1), headers: ("Origin", $"http://127.0.0.1:{node.Host.HttpPort}"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private static IMessage Read(string json, IMessage like) => JsonParser.Default.Parse(json, like.Descriptor);
}
