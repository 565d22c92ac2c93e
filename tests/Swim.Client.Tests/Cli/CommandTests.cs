using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

public sealed class CommandTests : IAsyncLifetime
{
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Submit_sends_the_document_and_prints_nothing_but_the_id()
    {
        var run = await CliRun.OfAsync("name: x", "submit", "-", "-s", Server, "--key", "k1", "--ack", "ALL", "--namespace", "n", "--input", "{\"a\":1}");
        Assert.Equal((0, ""), (run.ExitCode, run.Error.Replace($"swim: acked K, not yet ALL; replication goes on{Environment.NewLine}", "", StringComparison.Ordinal)));
        Assert.Equal(FakeNode.WorkflowId + Environment.NewLine, run.Out);
        var request = Assert.Single(_node.Answers.Submitted);
        Assert.Equal(("name: x", "yaml", "k1", AckLevel.All, "n", "{\"a\":1}"), (request.Document, request.Format, request.IdempotencyKey, request.Ack, request.Namespace, request.InputJson));
    }

    [Fact]
    public async Task An_input_may_be_the_name_of_a_file_with_it()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "[1, 2]");
        try
        {
            Assert.Equal(0, (await CliRun.OfAsync("x", "submit", "-", "-s", Server, "--input", "@" + file)).ExitCode);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal("[1, 2]", Assert.Single(_node.Answers.Submitted).InputJson);
    }

    [Fact]
    public async Task Submit_warns_when_less_was_reached_than_asked_for()
    {
        _node.Answers.Submit = _ => new SubmitWorkflowResponse { WorkflowId = "a", Acked = AckLevel.Local, Existing = true };
        var run = await CliRun.OfAsync("x", "submit", "-", "-s", Server, "--key", "k1");
        Assert.Contains("acked LOCAL, not yet K", run.Error, StringComparison.Ordinal);
        Assert.Contains("existing", run.Error, StringComparison.Ordinal);
        Assert.Equal($"a{Environment.NewLine}", run.Out);
    }

    [Theory]
    [InlineData(".json", "json")]
    [InlineData(".yaml", "yaml")]
    [InlineData(".txt", "yaml")]
    public async Task The_extension_names_the_format_unless_told(string extension, string format)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + extension);
        await File.WriteAllTextAsync(file, "\uFEFF{}");
        try
        {
            await CliRun.OfAsync(["submit", file, "-s", Server]);
            await CliRun.OfAsync(["submit", file, "-s", Server, "--format", "json"]);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal([format, "json"], _node.Answers.Submitted.Select(request => request.Format));
        Assert.All(_node.Answers.Submitted, request => Assert.Equal("{}", request.Document));
    }

    [Theory]
    [InlineData(WorkflowState.Succeeded, 0)]
    [InlineData(WorkflowState.Partial, 1)]
    [InlineData(WorkflowState.Failed, 1)]
    [InlineData(WorkflowState.Cancelled, 1)]
    public async Task Whoever_waits_for_a_workflow_learns_by_the_exit_code_whether_it_succeeded(WorkflowState state, int exit)
    {
        _node.Answers.Get = (request, _) => request.WaitMs > 0 ? FakeNode.Finished(state) : FakeNode.Running();
        _node.Answers.Watch = _ => new[] { FakeNode.Running(), FakeNode.Finished(state) }.ToAsyncEnumerable();
        Assert.Equal(exit, (await CliRun.OfAsync("x", "run", "-", "-s", Server)).ExitCode);
        Assert.Equal(exit, (await CliRun.OfAsync("x", "run", "-", "-s", Server, "-o", "json")).ExitCode);
        Assert.Equal(exit, (await CliRun.OfAsync("x", "submit", "-", "--wait", "-s", Server)).ExitCode);
        Assert.Equal(exit, (await CliRun.OfAsync(["get", FakeNode.WorkflowId, "--wait", "-s", Server])).ExitCode);
        Assert.Equal(0, (await CliRun.OfAsync(["get", FakeNode.WorkflowId, "-s", Server])).ExitCode);
    }

    [Fact]
    public async Task Run_prints_a_line_for_each_change_then_one_for_each_task_the_outcome_and_the_output()
    {
        var run = await CliRun.OfAsync("x", "run", "-", "-s", Server);
        var lines = run.Out.Split(Environment.NewLine);
        Assert.Equal(["t1  RUNNING", "t1  SUCCEEDED", "t2  FAILED: TASK_FAILED: as asked"], lines[..3]);
        Assert.Matches(@"^t1\s+SUCCEEDED\s+alpha\s+1\s+12 ms$", lines[5]);
        Assert.Matches(@"^t2\s+FAILED\s+-\s+-\s+-\s+TASK_FAILED: as asked$", lines[6]);
        Assert.Equal("SUCCEEDED in 132 ms: 1 SUCCEEDED, 1 FAILED, 2 layers, durable K", lines[7]);
        Assert.Equal("done", lines[8]);
    }

    [Fact]
    public async Task Json_is_one_line_with_the_proto_files_names()
    {
        var run = await CliRun.OfAsync("x", "run", "-", "-s", Server, "-o", "json");
        Assert.Single(run.Out.TrimEnd().Split('\n'));
        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal("WORKFLOW_STATE_SUCCEEDED", json.RootElement.GetProperty("state").GetString());
        Assert.Equal("1700000000000", json.RootElement.GetProperty("created_unix_ms").GetString());
        Assert.Equal("", json.RootElement.GetProperty("tasks")[1].GetProperty("executor").GetString());
    }

    [Fact]
    public async Task Cancel_members_and_status_show_what_the_node_says()
    {
        Assert.Contains("was RUNNING", (await CliRun.OfAsync(["cancel", FakeNode.WorkflowId, "-s", Server])).Out, StringComparison.Ordinal);
        var members = await CliRun.OfAsync(["members", "-s", Server]);
        Assert.Contains("alpha *", members.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', members.Out);
        var status = await CliRun.OfAsync(["status"], serverVariable: Server);
        Assert.Matches(@"(?m)^rejects\s+3\r?$", status.Out);
        Assert.DoesNotContain("none", status.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_document_is_bad_input_and_its_message_is_shown()
    {
        _node.Answers.Submit = _ => throw FakeNode.Refusal(StatusCode.InvalidArgument, "INVALID_ARGUMENT", "line 3, column 5: no.");
        var text = await CliRun.OfAsync("x", "run", "-", "-s", Server);
        Assert.Equal((2, "", $"swim: INVALID_ARGUMENT: line 3, column 5: no.{Environment.NewLine}"), (text.ExitCode, text.Out, text.Error));
        var json = await CliRun.OfAsync("x", "run", "-", "-s", Server, "-o", "json");
        using var error = JsonDocument.Parse(json.Error);
        Assert.Equal("line 3, column 5: no.", error.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(StatusCode.NotFound, false, 2)]
    [InlineData(StatusCode.AlreadyExists, false, 2)]
    [InlineData(StatusCode.ResourceExhausted, false, 2)]
    [InlineData(StatusCode.ResourceExhausted, true, 3)]
    [InlineData(StatusCode.Unavailable, true, 3)]
    [InlineData(StatusCode.Internal, false, 3)]
    [InlineData(StatusCode.DeadlineExceeded, true, 4)]
    public async Task A_refusal_decides_the_exit_code(StatusCode status, bool retryable, int exit)
    {
        _node.Answers.Cancel = () => throw FakeNode.Refusal(status, "CODE", "message", retryable);
        Assert.Equal(exit, (await CliRun.OfAsync(["cancel", FakeNode.WorkflowId, "-s", Server])).ExitCode);
    }

    [Fact]
    public async Task Nobody_there_is_exit_code_3_and_one_line()
    {
        var run = await CliRun.OfAsync(["members", "-s", FakeNode.NobodyAt().ToString()]);
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("swim: UNREACHABLE: No node answers at 127.0.0.1:", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Time_that_runs_out_is_exit_code_4_and_the_id_is_told()
    {
        _node.Answers.Get = (_, _) => FakeNode.Running();
        _node.Answers.Watch = _ => AsyncEnumerable.Repeat(FakeNode.Running(), 1).Concat(Never());
        foreach (var args in new string[][] { ["run", "-"], ["submit", "-", "--wait"], ["watch", "@latest"] })
        {
            var run = await RunOutOfTimeAsync([.. args, "-s", Server]);
            Assert.Equal(4, run.ExitCode);
            Assert.Contains($"swim watch {FakeNode.WorkflowId} -s {Server}", run.Error, StringComparison.Ordinal);
        }

        static async IAsyncEnumerable<Workflow> Never([EnumeratorCancellation] CancellationToken cancel = default)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            yield break;
        }
    }

    // On a busy machine a short time runs out before the submission is answered; then a longer one is given.
    private static async Task<CliRun> RunOutOfTimeAsync(string[] args)
    {
        CliRun? run = null;
        foreach (var time in new[] { "400ms", "4s", "40s" })
        {
            run = await CliRun.OfAsync("x", [.. args, "--timeout", time]);
            if (!run.Error.Contains("not known whether", StringComparison.Ordinal)) break;
        }

        return run!;
    }

    [Fact]
    public async Task An_interruption_is_exit_code_130()
    {
        _node.Answers.Gate = new TaskCompletionSource().Task;
        using var stop = new CancellationTokenSource();
        var run = CliRun.OfAsync(["get", FakeNode.WorkflowId, "-s", Server], interrupted: stop.Token);
        await _node.Answers.Called.Task;
        await stop.CancelAsync();
        Assert.Equal(130, (await run).ExitCode);
    }

    [Theory]
    [InlineData("see swim list")]
    [InlineData("with the same --key", "--key", "k")]
    public async Task Whoever_interrupts_a_submission_is_told_that_nobody_knows(string says, params string[] more)
    {
        _node.Answers.Gate = new TaskCompletionSource().Task;
        using var stop = new CancellationTokenSource();
        var run = CliRun.OfAsync(["run", "-", "-s", Server, .. more], "x"u8.ToArray(), interrupted: stop.Token);
        await _node.Answers.Called.Task;
        await stop.CancelAsync();
        Assert.Contains(says, (await run).Error, StringComparison.Ordinal);
        Assert.Equal(130, (await run).ExitCode);
    }

    [Fact]
    public async Task Nothing_a_node_says_commands_the_terminal()
    {
        const string Evil = "0\u001b]0;x\u0007\u009b2J";
        var workflow = FakeNode.Finished(WorkflowState.Failed);
        (workflow.WorkflowId, workflow.Name, workflow.OutputJson, workflow.Tasks[0].Id, workflow.Tasks[0].Executor) = (Evil, Evil, Evil, Evil, Evil);
        workflow.Tasks[1].Error = new Error { Code = Evil, Message = Evil };
        workflow.Merges = new MergeReport
        {
            SupersededBy = Evil,
            Tasks = { new TaskMerge { Task = Evil, Runs = { new TaskRun { Executor = Evil, CommittedBy = Evil, ErrorCode = Evil } } } },
            Consumers = { new FedConsumer { Task = Evil, Executor = Evil, Inputs = { Evil } } },
        };
        _node.Answers.Merges = _ => new ListMergesResponse { Workflows = { new WorkflowMerges { WorkflowId = Evil, Name = Evil, Merges = workflow.Merges } }, NextPageToken = Evil, Incomplete = true };
        _node.Answers.Explain = _ => new ExplainWorkflowResponse { WorkflowId = Evil, AnsweredBy = Evil, Planner = Evil, Tasks = { new TaskExplanation { Task = Evil, Text = Evil } } };
        _node.Answers.Submit = _ => new SubmitWorkflowResponse { WorkflowId = Evil, Acked = AckLevel.Local };
        _node.Answers.Get = (_, _) => workflow;
        _node.Answers.Watch = _ => new[] { workflow }.ToAsyncEnumerable();
        _node.Answers.List = _ => new ListWorkflowsResponse { Workflows = { FakeNode.Summary(Evil, Evil) }, NextPageToken = Evil, Incomplete = true };
        _node.Answers.Validate = _ => new ValidateWorkflowResponse { Problems = { new Problem { Message = Evil } } };
        _node.Answers.Rtt = _ => new GetRttResponse { Rtts = { new MemberRtt { FromName = Evil, Name = Evil, NodeId = Evil, Zone = Evil } } };
        _node.Answers.MemberNews.AddRange([
            new WatchMembersResponse(), new WatchMembersResponse { Snapshot = new MembersView { ViewFingerprint = Evil } },
            new WatchMembersResponse { Event = new MemberEvent { Detail = Evil, UnixMs = long.MaxValue, Member = new Member { Name = Evil, NodeId = Evil } } }]);
        string[][] commands = [["run", "-"], ["submit", "-"], ["submit", "-", "--wait"], ["get", "@latest"], ["watch", "0"], ["cancel", FakeNode.WorkflowId], ["list"], ["merges"], ["merges", FakeNode.WorkflowId], ["explain", FakeNode.WorkflowId], ["validate", "-"], ["members"], ["rtt"], ["monitor"], ["ring"], ["drain", "b"], ["leave", "b"]];
        foreach (var refusing in new[] { false, true })
        {
            if (refusing) _node.Answers.Submit = _ => throw FakeNode.Refusal(StatusCode.NotFound, Evil, Evil);
            foreach (var command in commands)
            {
                var run = await CliRun.OfAsync("x", [.. command, "-s", Server]);
                Assert.DoesNotContain(run.Out + run.Error, static c => char.IsControl(c) && c is not ('\n' or '\r'));
                Assert.NotEqual("", run.Out + run.Error);
            }
        }
    }

    [Theory]
    [InlineData(true, 0, "ready")]
    [InlineData(false, 3, "not ready")]
    public async Task Health_succeeds_only_on_a_node_that_serves(bool isReady, int exitCode, string says)
    {
        _node.Answers.IsReady = isReady;
        var run = await CliRun.OfAsync(["health", "-s", Server]);
        Assert.Equal((exitCode, says + Environment.NewLine, ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Health_fails_where_no_node_answers()
    {
        var run = await CliRun.OfAsync(["health", "-s", "127.0.0.1:1", "--timeout", "20s"]);
        Assert.Equal((3, ""), (run.ExitCode, run.Out));
    }
}
