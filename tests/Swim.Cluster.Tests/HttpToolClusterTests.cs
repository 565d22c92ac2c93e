using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary><c>http:get</c> through the API of real nodes, against a real server.</summary>
public sealed class HttpToolClusterTests
{
    [Fact]
    public async Task A_server_that_asks_for_a_pause_is_given_it_and_then_answers()
    {
        var asked = new List<long>();
        await using var server = await StartServerAsync(context =>
        {
            lock (asked)
            {
                asked.Add(Stopwatch.GetTimestamp());
                (context.Response.StatusCode, context.Response.ContentType) = (asked.Count == 1 ? 503 : 200, "text/plain");
            }
            context.Response.Headers.RetryAfter = "1";
            return context.Response.WriteAsync("here");
        });
        await using var cluster = await TestCluster.StartAsync(3, static (_, options) => options with { HttpAllow = [IPNetwork.Parse("127.0.0.0/8")] });
        using var client = cluster.Client(1);
        Assert.All((await client.MembersAsync()).Members, static member => Assert.Contains("http", member.Capabilities));
        var run = await client.RunAsync(Get(server.Urls.Single(), "retry: { max_attempts: 2, backoff_ms: 1 }"));
        Assert.Equal((WorkflowState.Succeeded, "\"200 here\""), (run.State, run.OutputJson));
        Assert.Equal(2, asked.Count);
        // The policy alone would have waited 1 ms; the planner counts whole milliseconds.
        Assert.True(Stopwatch.GetElapsedTime(asked[0], asked[1]) > TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task A_node_reaches_no_private_address_unless_its_operator_says_so()
    {
        var requests = 0;
        await using var server = await StartServerAsync(context =>
        {
            Interlocked.Increment(ref requests);
            return Task.CompletedTask;
        });
        await using var cluster = await TestCluster.StartAsync(1);
        using var client = cluster.Client(0);
        var run = await client.RunAsync(Get(server.Urls.Single(), "retry: { max_attempts: 3, backoff_ms: 1 }"));
        Assert.Equal((WorkflowState.Failed, "HTTP_ADDRESS_REFUSED", 1, 0), (run.State, run.Tasks[0].Error.Code, run.Tasks[0].Attempt, requests));
    }

    private static SubmitWorkflowRequest Get(string url, string more) => new()
    {
        Document = $"name: fetch\ntasks:\n  - {{ id: a, tool: 'http:get', arguments: {{ url: '{url}/x' }}, {more} }}\noutput: '$OUTPUT[a].status $OUTPUT[a].body'\n",
    };

    private static async Task<WebApplication> StartServerAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync();
        return server;
    }
}
