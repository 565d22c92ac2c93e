using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Swim.Client;
using Swim.Node.Configuration;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>Whatever is wrong with an HTTP request is a problem with status, code and reason, and changes nothing.</summary>
public sealed class RefusalTests(LiveNode node) : IClassFixture<LiveNode>
{
    private static readonly string Unknown = new('0', 32);

    public static TheoryData<string, string, int, string, string> Gets => new()
    {
        { "GET", "/", 404, "NOT_FOUND", "/openapi.json" },
        { "GET", "/v1/nothing", 404, "NOT_FOUND", "/openapi.json" },
        { "GET", "/v1/workflows/x/y", 404, "NOT_FOUND", "/openapi.json" },
        { "GET", "/v1/workflows/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 400, "INVALID_ARGUMENT", "workflow_id" },
        { "GET", "/v1/workflows/../../etc/passwd", 404, "NOT_FOUND", "/openapi.json" },
        { "GET", "/v1/workflows/x", 400, "INVALID_ARGUMENT", "32 hexadecimal digits" },
        { "GET", $"/v1/workflows/{Unknown}", 404, "NOT_FOUND", Unknown },
        { "GET", $"/v1/workflows/{Unknown}/watch", 404, "NOT_FOUND", Unknown },
        { "HEAD", $"/v1/workflows/{Unknown}/watch", 404, "", "" },
        { "POST", $"/v1/workflows/{Unknown}/cancel", 404, "NOT_FOUND", Unknown },
        { "GET", $"/v1/workflows/{Unknown}?wait_ms=30001", 400, "INVALID_ARGUMENT", "wait_ms" },
        { "GET", $"/v1/workflows/{Unknown}?wait_ms=99999999999", 400, "INVALID_ARGUMENT", "wait_ms" },
        { "GET", $"/v1/workflows/{Unknown}?workflow_id={Unknown[1..]}1", 400, "INVALID_ARGUMENT", "twice" },
        { "GET", $"/v1/workflows/{Unknown}/watch?resume_token=x", 400, "INVALID_ARGUMENT", "resume_token" },
        { "GET", $"/v1/workflows/{Unknown}/watch?resume_token=AAAA", 400, "INVALID_ARGUMENT", "resume_token" },
        { "GET", "/v1/workflows?page_size=many", 400, "INVALID_ARGUMENT", "page_size" },
        { "GET", "/v1/workflows?page_size=", 400, "INVALID_ARGUMENT", "page_size" },
        { "GET", "/v1/workflows?page_size=1&page_size=2", 400, "INVALID_ARGUMENT", "page_size" },
        { "GET", "/v1/workflows?page_size=1001", 400, "INVALID_ARGUMENT", "page_size" },
        { "GET", "/v1/workflows?page_token=x", 400, "INVALID_ARGUMENT", "page_token" },
        { "GET", "/v1/workflows?page_sice=5", 400, "INVALID_ARGUMENT", "Did you mean 'page_size'?" },
        { "GET", "/v1/workflows?states=WORKFLOW_STATE_BROKEN", 400, "INVALID_ARGUMENT", "states" },
        { "GET", "/v1/workflows?namespace=%00", 400, "INVALID_ARGUMENT", "namespace" },
        { "GET", "/v1/workflows?&=&%zz=%ff", 400, "INVALID_ARGUMENT", "no field" },
        { "GET", "/v1/cluster/ring?workflow_id=x", 400, "INVALID_ARGUMENT", "workflow_id" },
        { "DELETE", "/v1/workflows", 405, "METHOD_NOT_ALLOWED", "GET" },
        { "PUT", $"/v1/workflows/{Unknown}", 405, "METHOD_NOT_ALLOWED", "GET" },
        { "GET", $"/v1/workflows/{Unknown}/cancel", 405, "METHOD_NOT_ALLOWED", "POST" },
        { "POST", "/livez", 405, "METHOD_NOT_ALLOWED", "GET" },
        { "OPTIONS", "/v1/validate", 405, "METHOD_NOT_ALLOWED", "POST" },
        { "GET", "/swim.v1.Workflows/GetWorkflow", 405, "METHOD_NOT_ALLOWED", "POST" },
        { "POST", "/v1/workflows", 415, "UNSUPPORTED_MEDIA_TYPE", "application/yaml" },
    };

    /// <summary>Body, its type, header and its value, status, code, reason.</summary>
    public static TheoryData<string, string, string, string, int, string, string> Posts => new()
    {
        { "x=1", "application/x-www-form-urlencoded", "", "", 415, "UNSUPPORTED_MEDIA_TYPE", "application/yaml" },
        { "tasks: []", "text/plain", "", "", 415, "UNSUPPORTED_MEDIA_TYPE", "application/yaml" },
        { "tasks: []", "application/yaml; charset=latin1", "", "", 415, "UNSUPPORTED_MEDIA_TYPE", "UTF-8" },
        { "tasks: []", "nonsense", "", "", 415, "UNSUPPORTED_MEDIA_TYPE", "application/yaml" },
        { "", "application/yaml", "", "", 400, "INVALID_ARGUMENT", "" },
        { "", "application/json", "", "", 400, "INVALID_ARGUMENT", "line 1" },
        { "tasks: []", "application/yaml", "", "", 400, "INVALID_ARGUMENT", "line 1, column 8 ($.tasks)" },
        { "{\"tasks\":", "application/json", "", "", 400, "INVALID_ARGUMENT", "line 1, column 10" },
        { "[1]", "application/json", "", "", 400, "INVALID_ARGUMENT", "line 1, column 1" },
        { "{\"document\":5}", "application/json", "", "", 400, "INVALID_ARGUMENT", "document" },
        { "{\"document\":null}", "application/json", "", "", 400, "INVALID_ARGUMENT", "" },
        { "{\"document\":\"tasks: []\",\"ack\":\"ACK_LEVEL_MANY\"}", "application/json", "", "", 400, "INVALID_ARGUMENT", "ack" },
        { "{\"document\":\"tasks: []\",\"idempotence_key\":\"x\"}", "application/json", "", "", 400, "INVALID_ARGUMENT", "Did you mean 'idempotency_key'?" },
        { "{\"document\":\"tasks: []\",\"idempotency_key\":\"x\"}", "application/json", "Idempotency-Key", "y", 400, "INVALID_ARGUMENT", "idempotency_key is given twice" },
        { "{\"document\":\"tasks: []\",\"document\":\"x\"}", "application/json", "", "", 400, "INVALID_ARGUMENT", "'document'" },
        { "tasks: []", "application/yaml", "Idempotency-Key", "\"open", 400, "INVALID_ARGUMENT", "Idempotency-Key" },
        { "tasks: []", "application/yaml", "Idempotency-Key", "\"a\"b\"", 400, "INVALID_ARGUMENT", "Idempotency-Key" },
        { "tasks: []", "application/yaml", "Idempotency-Key", new string('k', 256), 400, "INVALID_ARGUMENT", "idempotency_key" },
        { "tasks: []", "application/yaml", "Origin", "http://elsewhere.example", 403, "PERMISSION_DENIED", "origin" },
        { "tasks: []", "application/yaml", "Origin", "null", 403, "PERMISSION_DENIED", "origin" },
        { new string('[', 20_000), "application/json", "", "", 413, "RESOURCE_EXHAUSTED", "64" },
        { "x: " + new string('x', 2_000_000), "application/yaml", "", "", 413, "RESOURCE_EXHAUSTED", "bytes" },
        { "x: " + new string('x', 42_000_000), "application/yaml", "", "", 413, "RESOURCE_EXHAUSTED", "41943040" },
        { "tasks: [{ id: a, tool: 'builtin:echo', arguments: { value: 1 } }]\nconsistency: quorum", "application/yaml", "", "", 501, "UNIMPLEMENTED", "$.consistency" },
    };

    [Theory]
    [MemberData(nameof(Gets))]
    public async Task A_wrong_path_or_query_is_refused(string method, string path, int status, string code, string says)
    {
        using var answer = await node.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        if (method == "HEAD") Assert.Equal(status, (int)answer.StatusCode);
        else await AssertProblemAsync(answer, status, code, says);
        if (status == 405) Assert.NotEmpty(answer.Content.Headers.Allow);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_wrong_body_or_header_is_refused_and_changes_nothing(string body, string type, string header, string value, int status, string code, string says)
    {
        var before = await StateAsync();
        using var answer = await node.PostAsync("/v1/workflows", body, type, header.Length == 0 ? [] : [(header, value)]);
        await AssertProblemAsync(answer, status, code, says);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_problem_has_the_fields_of_the_error_that_grpc_clients_get()
    {
        const string Cycle = "tasks:\n  - { id: a, tool: 'builtin:echo', arguments: { value: 1 }, depends_on: [b] }\n  - { id: b, tool: 'builtin:echo', arguments: { value: 1 }, depends_on: [a] }\n";
        using var answer = await node.PostAsync("/v1/workflows", Cycle);
        var refused = await Assert.ThrowsAsync<SwimException>(() => node.Grpc.SubmitAsync(new() { Document = Cycle, Format = "yaml" }));
        var problem = await LiveNode.JsonAsync(answer);
        Assert.Equal((refused.Code, refused.Message, refused.Retryable), ((string)problem["code"]!, (string)problem["message"]!, (bool)problem["retryable"]!));
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_document_is_a_conflict()
    {
        using var first = await node.PostAsync("/v1/workflows", LiveNode.Document("one", 1), headers: ("Idempotency-Key", "conflict"));
        using var second = await node.PostAsync("/v1/workflows", LiveNode.Document("two", 2), headers: ("Idempotency-Key", "conflict"));
        await AssertProblemAsync(second, 409, "KEY_TAKEN", "idempotency key");
        // The other tests look for changes.
        await node.GetAsync(first.Headers.Location + "?wait_ms=30000");
    }

    [Fact]
    public async Task A_body_that_nobody_would_read_is_refused()
    {
        using var answer = await node.PostAsync($"/v1/workflows/{Unknown}/cancel", "{\"namespace\":\"team\"}", "application/json");
        await AssertProblemAsync(answer, 400, "INVALID_ARGUMENT", "no body");
    }

    [Fact]
    public async Task A_body_that_is_compressed_or_no_utf8_is_refused()
    {
        using var coded = new HttpRequestMessage(HttpMethod.Post, "/v1/workflows") { Content = new ByteArrayContent([0x1f, 0x8b, 8]) };
        coded.Content.Headers.TryAddWithoutValidation("Content-Type", "application/yaml");
        coded.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        using var codedAnswer = await node.Http.SendAsync(coded);
        await AssertProblemAsync(codedAnswer, 415, "UNSUPPORTED_MEDIA_TYPE", "Content-Encoding");
        using var broken = new HttpRequestMessage(HttpMethod.Post, "/v1/validate") { Content = new ByteArrayContent([(byte)'a', 0xff, 0xfe]) };
        broken.Content.Headers.TryAddWithoutValidation("Content-Type", "application/yaml");
        using var brokenAnswer = await node.Http.SendAsync(broken);
        await AssertProblemAsync(brokenAnswer, 400, "INVALID_ARGUMENT", "byte 1");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_also_where_its_length_is_not_said_before()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workflows") { Content = new StringContent("x: " + new string('x', 4_000_000), Encoding.UTF8, "application/yaml") };
        request.Headers.TransferEncodingChunked = true;
        using var largest = await node.Http.SendAsync(request);
        await AssertProblemAsync(largest, 413, "RESOURCE_EXHAUSTED", "1048576");

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, node.Host.HttpPort);
        var chunk = Encoding.ASCII.GetBytes("100000\r\n" + new string('x', 1 << 20) + "\r\n");
        await tcp.GetStream().WriteAsync("POST /v1/workflows HTTP/1.1\r\nHost: a\r\nContent-Type: application/yaml\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        // The frames of the chunks count too.
        for (var i = 0; i < 40; i++) await tcp.GetStream().WriteAsync(chunk);
        await tcp.GetStream().WriteAsync("1\r\nx\r\n"u8.ToArray());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await new StreamReader(tcp.GetStream()).ReadLineAsync(patience.Token));
    }

    [Fact]
    public async Task Random_bodies_and_paths_are_refused_and_never_an_error_of_the_node()
    {
        var random = new Random(11);
        var before = await StateAsync();
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            var path = i % 2 == 0 ? "/v1/workflows" : "/v1/validate";
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(i % 4 < 2 ? bytes : Encoding.UTF8.GetBytes(Junk(random))) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", i % 3 == 0 ? "application/json" : "application/yaml");
            using var answer = await node.Http.SendAsync(request);
            Assert.InRange((int)answer.StatusCode, 200, 499);
            using var asked = await node.Http.GetAsync("/v1/workflows/" + Uri.EscapeDataString(Junk(random)) + "?" + Uri.EscapeDataString(Junk(random)));
            Assert.InRange((int)asked.StatusCode, 400, 499);
        }

        Assert.Equal(before, await StateAsync());
    }

    [Theory]
    [InlineData("POST /v1/workflows HTTP/1.1\r\nHost: a\r\nContent-Type: application/yaml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("GET /livez HTTP/1.1\r\n\r\n")]
    [InlineData("GET /livez HTTP/9.9\r\nHost: a\r\n\r\n")]
    public async Task Requests_that_are_no_http_end_their_connection_only(string bytes)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, node.Host.HttpPort);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = await new StreamReader(tcp.GetStream()).ReadToEndAsync(patience.Token);
        Assert.Matches("^HTTP/1.1 (400|505) ", answer);
        Assert.Equal("ok\n", await node.Http.GetStringAsync("/livez"));
    }

    [Fact]
    public async Task A_node_that_has_not_joined_says_when_to_come_back()
    {
        var directory = Directory.CreateTempSubdirectory("swim-http-alone-");
        // A port where nobody is: the seed never answers.
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var seed = new HostPort("127.0.0.1", ((IPEndPoint)nobody.LocalEndpoint).Port);
        await using (var alone = await NodeHost.StartAsync(new NodeOptions { DataDirectory = directory.FullName, GrpcPort = 0, HttpPort = 0, UdpPort = 0, Seeds = [seed], LogLevel = LogLevel.Critical }))
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{alone.HttpPort}") };
            Assert.Equal("ok\n", await http.GetStringAsync("/livez"));
            Assert.Equal("ok\n", await http.GetStringAsync("/startupz"));
            using var ready = await http.GetAsync("/readyz");
            using var listed = await http.GetAsync("/v1/workflows");
            await AssertProblemAsync(listed, 503, "NOT_READY", "seed");
            Assert.All([ready, listed], static answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (answer.StatusCode, (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds)));
        }

        directory.Delete(recursive: true);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string code, string says)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((status, code), ((int)problem["status"]!, (string)problem["code"]!));
        Assert.Equal((string)problem["detail"]!, (string)problem["message"]!);
        Assert.Contains(says, (string)problem["message"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)problem["title"]!);
    }

    // Not the log: a node that has just started writes records of its own.
    private async Task<(string Workflows, string Cells)> StateAsync()
    {
        var status = await node.GetAsync("/v1/cluster/status");
        return ((string)status["workflows"]!, (string)status["cells"]!);
    }

    private static string Junk(Random random)
    {
        const string Letters = "{}[]\"':,.-#&*!|>%@`\\/ \n\t\0abtasks01\u00e9\u2028";
        return string.Create(random.Next(1, 40), random, static (text, random) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Letters[random.Next(Letters.Length)];
        });
    }
}
