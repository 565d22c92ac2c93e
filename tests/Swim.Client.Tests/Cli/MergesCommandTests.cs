using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli;

public sealed class MergesCommandTests : IAsyncLifetime
{
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_line_for_each_run_and_for_each_attempt_that_was_given_what_lost()
    {
        _node.Answers.Merges = _ => new ListMergesResponse { Workflows = { Merged() } };
        var run = await CliRun.OfAsync(["merges", "-s", Server]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = run.Out.TrimEnd().Split(Environment.NewLine);
        Assert.Equal($"workflow {FakeNode.WorkflowId}  hello  PARTIAL", lines[0]);
        Assert.Matches(@"^RAN TWICE +ATTEMPT +NODE +COMMITTED +END$", lines[1]);
        Assert.Matches(@"^a \(generation 1\) +1 +\S+ +2023-11-14T22:13:20Z by \S+ +result 00000000000000aa  wins: RANK$", lines[2]);
        Assert.Matches(@"^ +2 +\S+ +2023-11-14T22:13:21Z by \S+ +BROKEN$", lines[3]);
        Assert.Equal("and 4 more tasks that ran twice", lines[4]);
        Assert.Matches(@"^WAS GIVEN +ATTEMPT +NODE +RESULTS THAT LOST +AND$", lines[5]);
        Assert.Matches(@"^b +1 +\S+ +a, c +RERUN$", lines[6]);
    }

    [Fact]
    public async Task Of_one_workflow_what_it_shows_itself_and_nothing_older_than_asked()
    {
        _node.Answers.Get = (_, _) => new Workflow { WorkflowId = FakeNode.WorkflowId, Name = "hello", Merges = Merged().Merges };
        Assert.Contains("wins: RANK", (await CliRun.OfAsync(["merges", FakeNode.WorkflowId, "-s", Server])).Out, StringComparison.Ordinal);
        Assert.Contains("wins: RANK", (await CliRun.OfAsync(["get", FakeNode.WorkflowId, "-s", Server])).Out, StringComparison.Ordinal);
        Assert.StartsWith("Nothing was worked on", (await CliRun.OfAsync(["merges", FakeNode.WorkflowId, "--since", "1h", "-s", Server])).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_read_until_the_limit_and_what_is_missing_is_told()
    {
        var asked = new List<ListMergesRequest>();
        _node.Answers.Merges = request =>
        {
            asked.Add(request);
            return new ListMergesResponse { Workflows = { Enumerable.Repeat(Merged(), request.PageSize) }, NextPageToken = $"t{asked.Count}", Incomplete = asked.Count == 1, BucketsUnreachable = asked.Count == 1 ? 12 : 0 };
        };
        var run = await CliRun.OfAsync(["merges", "-s", Server, "-n", "150", "--since", "24h", "--namespace", "n"]);

        Assert.Equal([100, 50], asked.Select(static request => request.PageSize));
        Assert.Equal(["", "t1"], asked.Select(static request => request.PageToken));
        Assert.All(asked, request => Assert.Equal("n", request.Namespace));
        var age = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - asked[0].SinceUnixMs;
        Assert.InRange(age, 24 * 3_600_000, (24 * 3_600_000) + 600_000);
        Assert.Contains("--page t2", run.Error, StringComparison.Ordinal);
        Assert.Contains("12 of the ring's buckets", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since", "yesterday")]
    [InlineData("--since", "8000h")]
    [InlineData("--limit", "0")]
    public async Task Wrong_options_are_refused(params string[] args)
    {
        var run = await CliRun.OfAsync(["merges", "-s", Server, .. args]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(args[0], run.Error, StringComparison.Ordinal);
    }

    private static WorkflowMerges Merged() => new()
    {
        WorkflowId = FakeNode.WorkflowId,
        Name = "hello",
        State = WorkflowState.Partial,
        Merges = new MergeReport
        {
            LatestUnixMs = 1_700_000_001_000,
            TaskCount = 5,
            ConsumerCount = 1,
            Tasks =
            {
                new TaskMerge
                {
                    Task = "a",
                    Generation = 1,
                    Why = WinReason.Rank,
                    Runs =
                    {
                        new TaskRun { Attempt = 1, Executor = "0000000000000001", CommittedBy = "0000000000000002", CommittedUnixMs = 1_700_000_000_000, Succeeded = true, ResultHash = "00000000000000aa" },
                        new TaskRun { Attempt = 2, Executor = "0000000000000003", CommittedBy = "0000000000000004", CommittedUnixMs = 1_700_000_001_000, ErrorCode = "BROKEN" },
                    },
                },
            },
            Consumers = { new FedConsumer { Task = "b", Attempt = 1, Executor = "0000000000000003", Inputs = { "a", "c" }, Answer = FlipAnswer.Rerun } },
        },
    };
}
