using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>Following a workflow as server-sent events.</summary>
public sealed class WatchStreamTests(LiveNode node) : IClassFixture<LiveNode>
{
    [Fact]
    public async Task Events_tell_a_snapshot_then_deltas_and_end_with_the_workflow()
    {
        var id = await node.SubmitAsync(LiveNode.Document("watched", 3, 2_000));
        using var answer = await WatchAsync(id);
        Assert.Equal(("text/event-stream", "no-store"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
        var events = await EventsAsync(answer);
        Assert.Equal("snapshot", events[0].Name);
        Assert.All(events.Skip(1), static told => Assert.Equal("delta", told.Name));
        Assert.All(events, static told => Assert.Equal(told.Id, (string)told.Data["resume_token"]!));
        Assert.Equal("WORKFLOW_STATE_RUNNING", (string)events[0].Data["snapshot"]!["state"]!);
        Assert.Equal(("WORKFLOW_STATE_SUCCEEDED", "3"), ((string)events[^1].Data["delta"]!["state"]!, (string)events[^1].Data["delta"]!["output_json"]!));
    }

    [Fact]
    public async Task A_follower_that_comes_back_with_its_last_event_id_is_told_what_it_missed_and_after_the_end_nothing()
    {
        var id = await node.SubmitAsync(LiveNode.Document("resumed", 4, 2_000));
        string first;
        using (var answer = await WatchAsync(id))
        using (var reader = new StreamReader(await answer.Content.ReadAsStreamAsync()))
        {
            do first = await reader.ReadLineAsync() ?? throw new EndOfStreamException();
            while (!first.StartsWith("id: ", StringComparison.Ordinal));
        }

        using var again = await WatchAsync(id, first[4..]);
        var events = await EventsAsync(again);
        Assert.Equal("snapshot", events[0].Name);
        Assert.NotEqual(first[4..], events[0].Id);
        var state = events[^1].Data["delta"] ?? events[^1].Data["snapshot"];
        Assert.Equal("WORKFLOW_STATE_SUCCEEDED", (string)state!["state"]!);

        using var over = await WatchAsync(id, events[^1].Id);
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
        // The header is newer than what a page has put into its address.
        using var both = await WatchAsync(id, events[^1].Id, $"?resume_token={Uri.EscapeDataString(first[4..])}");
        Assert.Equal(HttpStatusCode.NoContent, both.StatusCode);
        // Unescaped, as people type it: a plus sign in a query is a space.
        using var typed = await WatchAsync(id, null, $"?resume_token={events[^1].Id}");
        Assert.Equal(HttpStatusCode.NoContent, typed.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAA")]
    public async Task A_last_event_id_that_is_none_is_refused(string id)
    {
        using var answer = await WatchAsync(await node.SubmitAsync(LiveNode.Document("junk", 1)), id);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Head_of_a_watch_does_not_wait()
    {
        var id = await node.SubmitAsync(LiveNode.Document("head", 1, 60_000));
        using var answer = await node.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/workflows/{id}/watch"));
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_follower_of_a_node_that_stops_is_told_to_go_elsewhere()
    {
        var leaving = new LiveNode();
        await leaving.InitializeAsync();
        var id = await leaving.SubmitAsync(LiveNode.Document("left", 1, 60_000));
        using var answer = await leaving.Http.GetAsync($"/v1/workflows/{id}/watch", HttpCompletionOption.ResponseHeadersRead);
        var told = EventsAsync(answer);
        await leaving.DisposeAsync();
        var last = (await told)[^1];
        Assert.Equal(("problem", "STOPPING", 503), (last.Name, (string)last.Data["code"]!, (int)last.Data["status"]!));
    }

    [Fact]
    public async Task Followers_that_go_away_give_their_places_back()
    {
        var id = await node.SubmitAsync(LiveNode.Document("places", 1, 60_000));
        // Together more than the bound of 1,000, so the last ones fit only where the first ones are forgotten.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => FollowedAsync(id, patience.Token)));
            foreach (var answer in answers) answer.Dispose();
        }
    }

    // The node notices a moment later that somebody has gone.
    private async Task<HttpResponseMessage> FollowedAsync(string id, CancellationToken patience)
    {
        while (true)
        {
            var answer = await WatchAsync(id);
            if (answer.StatusCode == HttpStatusCode.OK) return answer;
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.Equal(1, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            answer.Dispose();
            await Task.Delay(50, patience);
        }
    }

    private Task<HttpResponseMessage> WatchAsync(string id, string? lastEventId = null, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/workflows/{id}/watch{query}");
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<List<(string Name, string Id, JsonNode Data)>> EventsAsync(HttpResponseMessage answer)
    {
        var blocks = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return [.. blocks.Where(static block => block.Contains("data: ", StringComparison.Ordinal)).Select(static block => (Field(block, "event"), Field(block, "id"), JsonNode.Parse(Field(block, "data"))!))];
    }

    private static string Field(string block, string name) =>
        block.Split('\n').FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..] ?? "";
}
