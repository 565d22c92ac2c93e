using Microsoft.Extensions.Logging;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cluster.Tests;

/// <summary>What a program that reads the log of a live node finds in it.</summary>
public sealed class LogFieldsTests : IDisposable
{
    private const string Document = """
        {"tasks":[
          {"id":"first","tool":"builtin:echo","arguments":{"value":"a secret"}},
          {"id":"second","tool":"builtin:fail","arguments":{"message":"another secret"},"depends_on":["first"],"retry":{"max_attempts":2,"backoff_ms":1}}]}
        """;

    private readonly KeptLines _lines = new();

    public void Dispose() => _lines.Dispose();

    [Fact]
    public async Task The_steps_of_a_workflow_can_be_followed_by_their_fields()
    {
        await using var cluster = await StartAsync();
        var node = cluster[0].Id.ToString();
        var id = await RunAsync(cluster);
        Assert.All(_lines.All.Where(static line => line.Category == "Swim.Node"), line => Assert.Equal(node, line["Node"]));
        Assert.Equal("Partial", Assert.Single(Of(id, 1102))["State"]);
        // Granted, begun, and for those that failed: to be tried again, and for good.
        foreach (var step in new[] { 1110, 1120 }) Assert.Equal([("first", "1"), ("second", "1"), ("second", "2")], Of(id, step).Select(TaskAndAttempt));
        Assert.Equal(["Succeeded", "Failed", "Failed"], Of(id, 1121).Select(static line => line["Outcome"]));
        Assert.Equal(("second", "1"), TaskAndAttempt(Assert.Single(Of(id, 1112))));
        Assert.Equal(("second", "2"), TaskAndAttempt(Assert.Single(Of(id, 1113))));
        Assert.Equal(node, Assert.Single(Of(id, 1113))["Executor"]);
    }

    [Fact]
    public async Task What_users_give_is_in_no_line()
    {
        await using var cluster = await StartAsync();
        await RunAsync(cluster);
        Assert.DoesNotContain(_lines.All, static line => (line.Text + string.Concat(line.Fields.Values)).Contains("secret", StringComparison.Ordinal));
    }

    private static (string?, string?) TaskAndAttempt(KeptLine line) => (line["Task"], line["Attempt"]);

    private IEnumerable<KeptLine> Of(string workflow, int number) => _lines.All.Where(line => line.Event == number && line["Workflow"] == workflow);

    private Task<TestCluster> StartAsync() => TestCluster.StartAsync(1, (_, options) => options with { LogLevel = LogLevel.Debug, LogTo = [_lines] });

    private async Task<string> RunAsync(TestCluster cluster)
    {
        using var client = cluster.Client(0);
        var id = (await client.SubmitAsync(new SubmitWorkflowRequest { Document = Document, Format = "json" })).WorkflowId;
        Assert.Equal(WorkflowState.Partial, (await client.WaitAsync(id)).State);
        await TestCluster.UntilAsync("the log tells of the end", () => Task.FromResult(Of(id, 1102).Any()));
        return id;
    }
}
