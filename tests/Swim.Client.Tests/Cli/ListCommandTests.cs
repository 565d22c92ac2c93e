using System.Text.Json;
using Swim.Cli;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

public sealed class ListCommandTests : IAsyncLifetime
{
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_line_for_each_workflow_with_what_is_done_of_it()
    {
        var run = await CliRun.OfAsync(["list", "-s", Server]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = run.Out.Split(Environment.NewLine);
        Assert.Matches("^ID +STATE +DONE +CREATED +TIME +NAME$", lines[0]);
        Assert.Matches($@"^{FakeNode.WorkflowId}  RUNNING  3/5, 1 failed  2023-11-14T22:13:20Z  -     hello$", lines[1]);
    }

    [Fact]
    public async Task Ids_are_short_on_a_terminal_only()
    {
        var screen = new Screen(() => new ScreenSize(80, 24), IsPlain: true, IsUnicode: true);
        var run = await CliRun.OnAsync(screen, ["list", "-s", Server]);
        Assert.Matches(@"(?m)^0123456789ab  RUNNING ", run.Out);
    }

    [Fact]
    public async Task Every_filter_is_sent()
    {
        ListWorkflowsRequest? asked = null;
        _node.Answers.List = request =>
        {
            asked = request;
            return new ListWorkflowsResponse();
        };
        await CliRun.OfAsync(["list", "-s", Server, "--namespace", "n", "--state", "failed,Rolling_Back", "--state", "FAILED", "--name", "or", "--id", "0f", "-n", "7", "--page", "t"]);
        Assert.Equal(new ListWorkflowsRequest { Namespace = "n", States = { WorkflowState.Failed, WorkflowState.RollingBack }, NamePrefix = "or", IdPrefix = "0f", PageSize = 7, PageToken = "t" }, asked);
    }

    [Fact]
    public async Task Pages_are_read_until_the_limit_and_the_way_on_is_told()
    {
        var sizes = new List<int>();
        _node.Answers.List = request =>
        {
            sizes.Add(request.PageSize);
            return new ListWorkflowsResponse
            {
                Workflows = { Enumerable.Range(0, request.PageSize).Select(_ => FakeNode.Summary(FakeNode.WorkflowId)) },
                NextPageToken = $"page{sizes.Count}",
            };
        };
        var run = await CliRun.OfAsync(["list", "-s", Server, "--limit", "1500"]);
        Assert.Equal([1000, 500], sizes);
        Assert.Equal(1501, run.Out.TrimEnd().Split('\n').Length);
        Assert.Equal($"swim: there are more; go on with --page page2{Environment.NewLine}", run.Error);
    }

    [Fact]
    public async Task What_could_not_be_asked_for_is_told_and_stands_in_the_json()
    {
        var first = true;
        _node.Answers.List = _ =>
        {
            var page = new ListWorkflowsResponse { Workflows = { FakeNode.Summary(FakeNode.WorkflowId) }, NextPageToken = first ? "x" : "", Incomplete = first, BucketsUnreachable = first ? 12 : 0 };
            first = false;
            return page;
        };
        var text = await CliRun.OfAsync(["list", "-s", Server]);
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("incomplete: the workflows of 12 of the ring's buckets", text.Error, StringComparison.Ordinal);
        first = true;
        var json = await CliRun.OfAsync(["list", "-s", Server, "-o", "json"]);
        using var list = JsonDocument.Parse(json.Out);
        Assert.True(list.RootElement.GetProperty("incomplete").GetBoolean());
        Assert.Equal(2, list.RootElement.GetProperty("workflows").GetArrayLength());
        Assert.Equal("", json.Error);
    }

    [Fact]
    public async Task A_page_that_leads_to_itself_ends()
    {
        _node.Answers.List = _ => new ListWorkflowsResponse { NextPageToken = "same" };
        Assert.Equal(0, (await CliRun.OfAsync(["list", "-s", Server])).ExitCode);
    }

    [Theory]
    [InlineData("Did you mean 'RUNNING'?", "--state", "runing")]
    [InlineData("--limit 0", "--limit", "0")]
    [InlineData("--limit 100001", "--limit", "100001")]
    public async Task A_wrong_filter_is_bad_input(string says, params string[] args)
    {
        var run = await CliRun.OfAsync(["list", "-s", Server, .. args]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }
}
