using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Swim.Client;
using Swim.Node.Configuration;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>One node alone, with an HTTP client and a gRPC client.</summary>
public sealed class LiveNode : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-http-");

    public NodeHost Host { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public SwimClient Grpc { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await NodeHost.StartAsync(new NodeOptions { DataDirectory = _directory.FullName, GrpcPort = 0, HttpPort = 0, UdpPort = 0, LogLevel = LogLevel.Warning });
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Host.HttpPort}"), Timeout = TimeSpan.FromSeconds(60) };
        Grpc = new SwimClient(new SwimClientOptions { Servers = [new ServerAddress("127.0.0.1", Host.GrpcPort)] });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Host.IsReady) await Task.Delay(20, patience.Token);
    }

    public async Task DisposeAsync()
    {
        await Host.StopAsync();
        Http.Dispose();
        Grpc.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>A document that echoes <paramref name="value"/> after <paramref name="delayMs"/>.</summary>
    public static string Document(string name, int value, int delayMs = 0) =>
        $"name: {name}\ntasks:\n  - {{ id: a, tool: \"builtin:delay\", arguments: {{ ms: {delayMs}, value: {value} }} }}\n  - {{ id: b, tool: \"builtin:echo\", arguments: {{ value: \"$OUTPUT[a]\" }} }}\noutput: \"$OUTPUT[b]\"\n";

    /// <summary>Posts a body.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string body, string contentType = "application/yaml", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        // As curl does: what is refused by its length need not be sent.
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    /// <summary>The answer's body as JSON.</summary>
    public static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    /// <summary>Gets JSON; the status must be 200.</summary>
    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    /// <summary>Submits a document; its id.</summary>
    public async Task<string> SubmitAsync(string document)
    {
        using var answer = await PostAsync("/v1/workflows", document);
        return (string)(await JsonAsync(answer))["workflow_id"]!;
    }
}
