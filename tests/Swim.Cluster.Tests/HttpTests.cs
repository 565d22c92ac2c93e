using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Swim.Cluster.Tests;

/// <summary>The HTTP ports of several nodes: any of them answers for any workflow.</summary>
public sealed partial class HttpTests
{
    private const string Chain = "name: chain\ntasks:\n  - { id: a, tool: 'builtin:delay', arguments: { ms: 3000, value: 6 } }\n  - { id: b, tool: 'builtin:echo', arguments: { value: '$OUTPUT[a]' } }\noutput: $OUTPUT[b]\n";

    [Fact]
    public async Task What_one_node_took_the_others_show_list_and_cancel()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var http = new HttpClient();
        var id = await SubmitAsync(http, cluster[0].HttpPort, Chain.Replace("3000", "60000", StringComparison.Ordinal));
        var listed = await http.GetStringAsync(Url(cluster[1].HttpPort, $"?id_prefix={id[..8]}"));
        Assert.Equal(id, (string)Assert.Single(JsonNode.Parse(listed)!["workflows"]!.AsArray())!["workflow_id"]!);
        using var cancelled = await http.PostAsync(Url(cluster[2].HttpPort, $"/{id}/cancel"), null);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        var shown = await http.GetStringAsync(Url(cluster[1].HttpPort, $"/{id}?wait_ms=30000"));
        Assert.Equal("WORKFLOW_STATE_CANCELLED", (string)JsonNode.Parse(shown)!["state"]!);
    }

    [Fact]
    public async Task A_follower_goes_on_at_another_node_with_its_last_event_id()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var http = new HttpClient();
        var id = await SubmitAsync(http, cluster[0].HttpPort, Chain);
        string token;
        using (var answer = await http.GetAsync(Url(cluster[0].HttpPort, $"/{id}/watch"), HttpCompletionOption.ResponseHeadersRead))
        using (var reader = new StreamReader(await answer.Content.ReadAsStreamAsync()))
            token = Id().Match(await FirstEventAsync(reader)).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(cluster[1].HttpPort, $"/{id}/watch"));
        request.Headers.TryAddWithoutValidation("Last-Event-ID", token);
        using var rest = await http.SendAsync(request);
        var events = Data().Matches(await rest.Content.ReadAsStringAsync()).Select(static match => JsonNode.Parse(match.Groups[1].Value)!).ToList();
        Assert.NotNull(events[0]["snapshot"]);
        Assert.NotEqual(token, (string)events[0]["resume_token"]!);
        Assert.Equal("6", (string)(events[^1]["delta"] ?? events[^1]["snapshot"])!["output_json"]!);
    }

    private static string Url(int port, string rest = "") => $"http://127.0.0.1:{port}/v1/workflows{rest}";

    private static async Task<string> SubmitAsync(HttpClient http, int port, string document)
    {
        using var body = new StringContent(document, Encoding.UTF8, "application/yaml");
        using var answer = await http.PostAsync(Url(port), body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["workflow_id"]!;
    }

    private static async Task<string> FirstEventAsync(StreamReader reader)
    {
        var lines = new StringBuilder();
        do lines.Append(await reader.ReadLineAsync() ?? throw new EndOfStreamException()).Append('\n');
        while (!lines.ToString().Contains("\ndata: ", StringComparison.Ordinal));
        return lines.ToString();
    }

    [GeneratedRegex("^id: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Id();

    [GeneratedRegex("^data: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Data();
}
