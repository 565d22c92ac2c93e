using System.Text.Json;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

/// <summary>How a command line names a workflow.</summary>
public sealed class IdTests : IAsyncLifetime
{
    private const string Sibling = "0123456789abcdef00000000000000ff";

    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("0123456")]
    [InlineData("0123456789ABCDEF0123456789abcde")]
    [InlineData("@latest")]
    public async Task The_first_digits_or_latest_stand_for_the_whole_id(string given)
    {
        var run = await CliRun.OfAsync(["get", given, "--namespace", "n", "-s", Server]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal((FakeNode.WorkflowId, "n"), (Assert.Single(_node.Answers.Asked).WorkflowId, _node.Answers.Asked[0].Namespace));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("cancel")]
    [InlineData("watch")]
    [InlineData("ring")]
    public async Task Every_command_that_takes_an_id_takes_a_short_one(string command)
    {
        var asked = new List<ListWorkflowsRequest>();
        _node.Answers.List = request =>
        {
            asked.Add(request);
            return new ListWorkflowsResponse();
        };
        var run = await CliRun.OfAsync([command, "FEED", "-s", Server]);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("begins with 'FEED'", run.Error, StringComparison.Ordinal);
        Assert.Equal("feed", Assert.Single(asked).IdPrefix);
    }

    [Fact]
    public async Task A_whole_id_is_not_looked_up()
    {
        _node.Answers.List = _ => throw new InvalidOperationException("not to be asked");
        Assert.Equal(0, (await CliRun.OfAsync(["get", FakeNode.WorkflowId.ToUpperInvariant(), "-s", Server])).ExitCode);
        Assert.Equal(FakeNode.WorkflowId, Assert.Single(_node.Answers.Asked).WorkflowId);
    }

    [Fact]
    public async Task An_ambiguous_id_is_answered_by_its_candidates()
    {
        _node.Answers.List = _ => new ListWorkflowsResponse { Workflows = { FakeNode.Summary(FakeNode.WorkflowId), FakeNode.Summary(Sibling, "other\u001b[2J") } };
        var text = await CliRun.OfAsync(["cancel", "0123", "-s", Server]);
        Assert.Equal((2, ""), (text.ExitCode, text.Out));
        Assert.Contains($"{FakeNode.WorkflowId}  RUNNING", text.Error, StringComparison.Ordinal);
        Assert.Contains($"{Sibling}  RUNNING", text.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.Error);
        using var json = JsonDocument.Parse((await CliRun.OfAsync(["get", "0123", "-s", Server, "-o", "json"])).Error);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal("AMBIGUOUS_ID", error.GetProperty("code").GetString());
        Assert.Equal([FakeNode.WorkflowId, Sibling], error.GetProperty("candidates").EnumerateArray().Select(one => one.GetProperty("workflow_id").GetString()));
        Assert.Empty(_node.Answers.Asked);
    }

    [Fact]
    public async Task More_candidates_than_are_shown_are_mentioned()
    {
        _node.Answers.List = request => new ListWorkflowsResponse
        {
            Workflows = { Enumerable.Range(0, request.PageSize).Select(i => FakeNode.Summary($"{i:x32}")) },
            NextPageToken = "more",
        };
        var run = await CliRun.OfAsync(["get", "0", "-s", Server]);
        Assert.EndsWith($"and more{Environment.NewLine}", run.Error, StringComparison.Ordinal);
        Assert.Equal(10, run.Error.Split('\n').Count(line => line.StartsWith("0000", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("@oldest")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public async Task What_cannot_be_an_id_is_bad_input(string given)
    {
        var run = await CliRun.OfAsync(["get", given, "-s", Server]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("@latest", run.Error, StringComparison.Ordinal);
        Assert.Empty(_node.Answers.Asked);
    }

    [Fact]
    public async Task Where_parts_cannot_be_asked_looking_warns_and_cancelling_refuses()
    {
        _node.Answers.List = _ => new ListWorkflowsResponse { Workflows = { FakeNode.Summary(FakeNode.WorkflowId) }, Incomplete = true, BucketsUnreachable = 7 };
        var get = await CliRun.OfAsync(["get", "0123", "-s", Server]);
        Assert.Equal(0, get.ExitCode);
        Assert.Contains("7 of the ring's buckets", get.Error, StringComparison.Ordinal);
        _node.Answers.Cancel = () => throw new InvalidOperationException("not to be asked");
        var cancel = await CliRun.OfAsync(["cancel", "0123", "-s", Server]);
        Assert.Equal(3, cancel.ExitCode);
        Assert.Contains("INCOMPLETE", cancel.Error, StringComparison.Ordinal);
    }
}
