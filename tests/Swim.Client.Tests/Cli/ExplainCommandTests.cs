using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

public sealed class ExplainCommandTests : IAsyncLifetime
{
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_line_for_each_task_that_waits_and_who_says_so()
    {
        ExplainWorkflowRequest? asked = null;
        _node.Answers.Explain = request =>
        {
            asked = request;
            return new ExplainWorkflowResponse
            {
                WorkflowId = request.WorkflowId,
                State = WorkflowState.Running,
                Planner = "0000000000000001",
                AnsweredBy = "0000000000000002",
                More = 3,
                Tasks = { new TaskExplanation { Task = "a", State = TaskState.Pending, Reason = WaitReason.Majority, Text = "This side sees 1 of 3 voters.", SinceUnixMs = 1_700_000_000_000 } },
            };
        };
        var run = await CliRun.OfAsync(["explain", FakeNode.WorkflowId, "a", "-s", Server, "--namespace", "n"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(("a", "n"), (asked!.TaskId, asked.Namespace));
        var lines = run.Out.TrimEnd().Split(Environment.NewLine);
        Assert.Matches($@"^workflow {FakeNode.WorkflowId}  RUNNING, planned by \S+, answered by \S+$", lines[0]);
        Assert.Equal("a  PENDING since 2023-11-14T22:13:20Z: This side sees 1 of 3 voters.", lines[1]);
        Assert.Equal("and 3 more", lines[2]);
    }

    [Fact]
    public async Task Programs_get_the_answer_as_it_is()
    {
        var run = await CliRun.OfAsync(["explain", FakeNode.WorkflowId, "-s", Server, "-o", "json"]);
        Assert.Contains($"\"workflow_id\":\"{FakeNode.WorkflowId}\"", run.Out.Replace(": ", ":", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
