using Swim.Cli;
using Swim.Cli.Output;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

/// <summary>The commands that look and change nothing.</summary>
public sealed class LookTests : IAsyncLifetime
{
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Validate_writes_each_problem_as_compilers_do_and_ends_with_2()
    {
        _node.Answers.Validate = request => new ValidateWorkflowResponse
        {
            Problems = { new Problem { Message = $"{request.Format}: no such field. Did you mean 'tool'?", Line = 3, Column = 5, Suggestion = "tool" }, new Problem { Message = "too large" } },
        };
        var run = await CliRun.OfAsync("name: x", "validate", "-", "-s", Server);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(["-:3:5: yaml: no such field. Did you mean 'tool'?", "-: too large"], run.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Validate_shows_people_the_place()
    {
        _node.Answers.Validate = _ => new ValidateWorkflowResponse { Problems = { new Problem { Message = "no", Line = 2, Column = 3 }, new Problem { Message = "all" }, new Problem { Message = "far", Line = 9, Column = 1 } } };
        var screen = new Screen(() => new ScreenSize(80, 24), IsPlain: true, IsUnicode: true);
        var run = await CliRun.OnAsync(screen, ["validate", "-", "-s", Server], "a: 1\n\tbad: x\n"u8.ToArray());
        Assert.Equal(["-:2:3: no", "  2 |  bad: x", "    |   ^", "-: all", "-:9:1: far"], run.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("one line", 1, 5, "  1 | one line", "    |     ^")]
    [InlineData("short", 1, 99, "  1 | short", "    |      ^")]
    [InlineData("数据 x", 1, 4, "  1 | 数据 x", "    |      ^")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaXbbbbbbbbbbbbbbbbbbbb", 1, 31, "  1 | aaaaaaaXbbbbbb", "    |        ^")]
    [InlineData("e\u001b[2J", 1, 1, "  1 | e\uFFFD[2J", "    | ^")]
    public void An_excerpt_is_no_wider_than_its_terminal_and_marks_the_place(string document, int line, int column, string text, string mark) =>
        Assert.Equal([text, mark], SourceExcerpt.Of(document, line, column, 20));

    [Fact]
    public async Task Validate_of_a_good_document_says_what_it_is()
    {
        var run = await CliRun.OfAsync("name: x", "validate", "-", "-s", Server);
        Assert.Equal((0, $"-: valid: x, tasks 2, layers 1{Environment.NewLine}"), (run.ExitCode, run.Out));
        Assert.Contains("\"valid\": true", (await CliRun.OfAsync("name: x", "validate", "-", "-s", Server, "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ring_shows_every_members_share()
    {
        var run = await CliRun.OfAsync("", "ring", "-s", Server);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"alpha +00000000000000aa +ALIVE +z1 +2000 +4096 +4096", run.Out);
        Assert.Contains("ring beef, 4096 buckets, 2 home owners each", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ring_says_what_is_odd_about_whom()
    {
        var lines = (await CliRun.OfAsync("", "ring", "-s", Server)).Out.Split(Environment.NewLine);
        Assert.Contains("alpha: held above 1.10 of an even share, so that copies are spread over zones", lines);
        Assert.Contains("beta: dead again and again: no new tasks for a while", lines);
        Assert.Contains("beta: said last to have another ring", lines);
    }

    [Fact]
    public async Task Ring_of_a_workflow_shows_its_owners_the_planner_first()
    {
        var lines = (await CliRun.OfAsync("", "ring", FakeNode.WorkflowId, "-s", Server)).Out.Split(Environment.NewLine);
        Assert.Matches("^alpha .* home owner, plans$", lines[1]);
        Assert.Matches("^beta .* home owner, down$", lines[2]);
        Assert.Equal("bucket 17", lines[3]);
    }
}
