using Grpc.Core;
using Swim.Cli;
using Swim.Client.Tests.Fakes;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli.Live;

/// <summary><c>run</c> and <c>watch</c> before somebody's eyes.</summary>
public sealed class LiveRunTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTerminal _out = new(100, 24);
    private readonly FakeTerminal _error = new(200, 24);
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    public async Task InitializeAsync() => _node = await FakeNode.StartAsync();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("run", "-")]
    [InlineData("watch", "@latest")]
    public async Task A_terminal_shows_the_tree_and_the_bar_while_it_runs_and_the_tree_and_the_outcome_after(string command, string argument)
    {
        var end = new TaskCompletionSource();
        _node.Answers.Watch = _ => Told(FakeNode.Running(), end.Task, FakeNode.Finished());
        var run = RunAsync([command, argument], _out.Screen);
        await UntilAsync(() => _out.Shown.Contains("0/2", StringComparison.Ordinal) && _out.Shown.Contains("alpha", StringComparison.Ordinal));
        Assert.Matches(@"^\S hello  0123456789ab  RUNNING  .*\n├─ \S t1  alpha  #1 .*\n└─ ○ t2\n░+ 0/2  1 running$", _out.Shown);
        end.SetResult();
        Assert.Equal(0, await run.WaitAsync(Patience));
        Assert.Equal("""
            ✓ hello  0123456789ab  SUCCEEDED  132 ms
            ├─ ✓ t1  alpha  #1     12 ms
            └─ ✗ t2                       TASK_FAILED: as asked
            SUCCEEDED in 132 ms: 1 SUCCEEDED, 1 FAILED, 2 layers, durable K
            done
            """.ReplaceLineEndings("\n"), _out.Shown);
        Assert.Equal("", _error.Shown);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Plain_is_lines_where_it_is_asked_for_and_where_the_terminal_can_do_no_more(bool isPlain, bool isGiven)
    {
        var screen = _out.Screen with { IsPlain = !isPlain };
        Assert.Equal(0, await RunAsync(isGiven ? ["run", "-", "--plain"] : ["run", "-"], screen));
        Assert.DoesNotContain('├', _out.Shown);
        Assert.StartsWith("t1  RUNNING\nt1  SUCCEEDED\nt2  FAILED: TASK_FAILED: as asked\nworkflow ", _out.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_leaves_the_last_frame_and_says_that_the_workflow_goes_on()
    {
        using var stop = new CancellationTokenSource();
        _node.Answers.Watch = _ => Told(FakeNode.Running(), new TaskCompletionSource().Task);
        var run = RunAsync(["run", "-", "--namespace", "n"], _out.Screen, stop.Token);
        await UntilAsync(() => _out.Shown.Contains("0/2", StringComparison.Ordinal));
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await run.WaitAsync(Patience));
        Assert.Contains("0/2", _out.Shown, StringComparison.Ordinal);
        Assert.Contains($"swim watch {FakeNode.WorkflowId} --namespace n -s {Server}", _error.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_is_not_there_leaves_no_frame()
    {
        _node.Answers.Watch = _ => throw FakeNode.Refusal(StatusCode.NotFound, "WORKFLOW_NOT_FOUND", "no such workflow");
        Assert.Equal(2, await RunAsync(["watch", FakeNode.WorkflowId], _out.Screen));
        Assert.Equal("", _out.Shown);
        Assert.Equal("swim: WORKFLOW_NOT_FOUND: no such workflow", _error.Shown);
    }

    [Fact]
    public async Task What_takes_longer_than_a_second_says_what_it_waits_for_and_takes_that_away()
    {
        var gate = new TaskCompletionSource();
        _node.Answers.Gate = gate.Task;
        var run = RunAsync(["status"], _out.Screen);
        await UntilAsync(() => _error.Shown.Contains($"Waiting for an answer of {Server}  ", StringComparison.Ordinal));
        gate.SetResult();
        Assert.Equal(0, await run.WaitAsync(Patience));
        Assert.Equal("", _error.Shown);
        Assert.Contains("alpha", _out.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_terminal_is_told_once_what_is_waited_for_and_a_file_nothing()
    {
        var gate = new TaskCompletionSource();
        _node.Answers.Gate = gate.Task;
        await using var file = new StringWriter();
        var plain = RunAsync(["status"], _out.Screen with { IsPlain = true });
        var silent = CommandLine.RunAsync(["status", "-s", Server], new Terminal(() => Stream.Null, TextWriter.Null, file, static _ => null), default);
        await UntilAsync(() => _error.Shown.Length > 0);
        gate.SetResult();
        Assert.All(await Task.WhenAll(plain, silent).WaitAsync(Patience), static code => Assert.Equal(0, code));
        Assert.Equal($"swim: Waiting for an answer of {Server}", _error.Shown);
        Assert.Equal("", file.ToString());
    }

    private Task<int> RunAsync(string[] args, Screen screen, CancellationToken interrupted = default) => CommandLine.RunAsync(
        [.. args, "-s", Server],
        new Terminal(() => new MemoryStream("x"u8.ToArray()), _out, _error, static _ => null) { OutScreen = screen, ErrorScreen = screen },
        interrupted);

    private static async IAsyncEnumerable<Workflow> Told(Workflow first, Task then, params Workflow[] more)
    {
        yield return first;
        await then;
        foreach (var workflow in more) yield return workflow;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(10, limit.Token);
    }
}
