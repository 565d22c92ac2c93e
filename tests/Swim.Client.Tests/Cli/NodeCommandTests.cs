using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Swim.Cli;
using Swim.Client.Tests.Fakes;
using Xunit;

namespace Swim.Client.Tests.Cli;

/// <summary><c>swim node</c> as a whole, a real node included.</summary>
public sealed partial class NodeCommandTests : IDisposable
{
    private const string Document = """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":"hi"}}],"output":"$OUTPUT[a]"}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("swim-cli-").FullName;

    private string[] Args => ["node", "--data", Path.Combine(_directory, "n"), "--grpc-port", "0", "--http-port", "0", "--udp-port", "0", "--log-level", "none"];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_node_says_where_it_answers_runs_what_is_submitted_and_ends_when_told()
    {
        using var stop = new CancellationTokenSource();
        await using var output = new LineWriter();
        var node = CommandLine.RunAsync(Args, new Terminal(() => Stream.Null, output, TextWriter.Null, _ => null), stop.Token);
        var ready = await output.FirstLine.WaitAsync(TimeSpan.FromSeconds(60));
        var server = GrpcAddress().Match(ready).Groups[1].Value;
        var run = await CliRun.OfAsync(Document, "run", "-", "--format", "json", "-s", server);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.EndsWith($"hi{Environment.NewLine}", run.Out, StringComparison.Ordinal);
        await WatchesAsync(server);
        await ToldWhenBegunAsync(server);
        var wrong = await CliRun.OfAsync("name: x\ntasks:\n  - id: a\n    tol: builtin:echo\n", "validate", "-", "-s", server);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Matches(@"(?m)^-:4:5: .*Did you mean 'tool'\?\r?$", wrong.Out);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, await node.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(3, (await CliRun.OfAsync(["status", "-s", server])).ExitCode);
    }

    // With a real node, since a watch is more than one answer.
    private static async Task WatchesAsync(string server)
    {
        const string Failing = """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":300}},{"id":"b","tool":"builtin:fail","arguments":{"message":"no","retryable":false},"depends_on":["a"]}]}""";
        foreach (var (document, code, line) in new[] { (Document, 0, "SUCCEEDED in "), (Failing, 1, "b  FAILED: TASK_FAILED: no") })
        {
            var id = (await CliRun.OfAsync(document, "submit", "-", "--format", "json", "-s", server)).Out.Trim();
            var watch = await CliRun.OfAsync("", "watch", id, "-s", server);
            Assert.Equal((code, ""), (watch.ExitCode, watch.Error));
            Assert.Contains(line, watch.Out, StringComparison.Ordinal);
            var json = (await CliRun.OfAsync("", "watch", id, "-s", server, "-o", "json")).Out.TrimEnd().Split(Environment.NewLine);
            Assert.Contains(id, Assert.Single(json), StringComparison.Ordinal);
        }
    }

    private static async Task ToldWhenBegunAsync(string server)
    {
        const string Long = """{"tasks":[{"id":"a","tool":"builtin:delay","arguments":{"ms":60000}}]}""";
        var id = (await CliRun.OfAsync(Long, "submit", "-", "--format", "json", "-s", server)).Out.Trim();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement task, workflow;
        do
        {
            await Task.Delay(50, limit.Token);
            workflow = JsonDocument.Parse((await CliRun.OfAsync("", "get", id[..16], "-s", server, "-o", "json")).Out).RootElement;
            task = workflow.GetProperty("tasks")[0];
        }
        while (task.GetProperty("state").GetString() != "TASK_STATE_RUNNING");
        var (created, started) = (Stamp(workflow, "created_unix_ms"), Stamp(task, "started_unix_ms"));
        Assert.InRange(started, created, created + 30_000);
        Assert.Equal(0, (await CliRun.OfAsync(["cancel", id, "-s", server])).ExitCode);

        static long Stamp(JsonElement of, string name) => long.Parse(of.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_told_at_once()
    {
        var run = await CliRun.OfAsync([.. Args, "--slots", "-1", "--bind", "nowhere", "--seeds", "a:b"]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        foreach (var option in new[] { "--slots", "--bind", "--seeds" }) Assert.Contains(option, run.Error, StringComparison.Ordinal);
        Assert.Equal(3, run.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_told_in_one_line()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "n"), "a file, not a directory");
        var run = await CliRun.OfAsync(Args);
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("swim node: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var taken = await FakeNode.StartAsync();
        var run = await CliRun.OfAsync([.. Args[..4], $"{taken.Address.Port}", .. Args[5..]]);
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Contains($"{taken.Address.Port}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [GeneratedRegex(@"^ready node=[0-9a-f]{16} name=\S+ cluster=swim grpc=(127\.0\.0\.1:\d+) http=127\.0\.0\.1:\d+ udp=127\.0\.0\.1:\d+$")]
    private static partial Regex GrpcAddress();

    /// <summary>Tells when its first line is there.</summary>
    private sealed class LineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _first.Task;

        public override Task WriteLineAsync(string? value)
        {
            _first.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
