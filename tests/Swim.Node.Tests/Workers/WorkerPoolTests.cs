using System.Diagnostics;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Swim.Core.Scheduling;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Tools;
using Swim.Node.Tests.Workers.Http;
using Swim.Node.Workers;
using Swim.Node.Workers.Http;
using Xunit;

namespace Swim.Node.Tests.Workers;

public sealed class WorkerPoolTests : IDisposable
{
    private readonly Channel<(AttemptId Attempt, AttemptOutcome Outcome)> _ended = Channel.CreateUnbounded<(AttemptId, AttemptOutcome)>();
    private readonly WorkerPool _pool;

    public WorkerPoolTests() => _pool = new WorkerPool(allowShell: true, new HttpAccess([]), (attempt, outcome) => _ended.Writer.TryWrite((attempt, outcome)));

    public void Dispose() => _pool.Dispose();

    [Fact]
    public async Task A_result_comes_back_under_its_attempt()
    {
        Start(7, ToolCatalog.Sum, """{"values":[1,2.5]}""");
        var (attempt, outcome) = await NextAsync();
        Assert.Equal(Id(7), attempt);
        Assert.Equal((AttemptOutcomeKind.Succeeded, "3.5", ""), (outcome.Kind, Encoding.UTF8.GetString(outcome.Output.Span), outcome.ErrorCode));
        Assert.True(outcome.FinishedUnixMs >= outcome.StartedUnixMs && outcome.StartedUnixMs > 0);
    }

    [Fact]
    public async Task A_delay_is_waited_for()
    {
        var clock = Stopwatch.StartNew();
        Start(1, ToolCatalog.Delay, """{"ms":60,"value":"later"}""");
        var (_, outcome) = await NextAsync();
        Assert.Equal("\"later\"", Encoding.UTF8.GetString(outcome.Output.Span));
        Assert.True(clock.ElapsedMilliseconds >= 55, $"only {clock.ElapsedMilliseconds} ms");
    }

    [Theory]
    [InlineData("builtin:fail", """{"message":"no","code":"X"}""", "X", true)]
    [InlineData("builtin:delay", """{"ms":-1}""", ToolFailureCode.InvalidArgument, false)]
    [InlineData("builtin:echo", "[1]", ToolFailureCode.InvalidArgument, false)]
    [InlineData("builtin:echo", "{", ToolFailureCode.InvalidArgument, false)]
    [InlineData("later:tool", "{}", ToolFailureCode.ToolUnavailable, false)]
    [InlineData("shell:exec", """{"argv":["sh","-c","exit 4"]}""", ShellTool.Exit, true)]
    public async Task A_failure_comes_back_with_its_code(string tool, string arguments, string code, bool retryable)
    {
        Start(1, tool, arguments);
        var (_, outcome) = await NextAsync();
        Assert.Equal((AttemptOutcomeKind.Failed, code, retryable), (outcome.Kind, outcome.ErrorCode, outcome.Retryable));
        Assert.True(outcome.Output.IsEmpty);
    }

    [Theory]
    [InlineData("builtin:delay", """{"ms":600000}""")]
    [InlineData("shell:exec", """{"argv":["sleep","600"]}""")]
    public async Task An_attempt_that_runs_too_long_fails_and_may_be_retried(string tool, string arguments)
    {
        Start(1, tool, arguments, timeoutMs: 50);
        var (_, outcome) = await NextAsync();
        Assert.Equal((AttemptOutcomeKind.Failed, ToolFailureCode.Timeout, true), (outcome.Kind, outcome.ErrorCode, outcome.Retryable));
    }

    [Theory]
    [InlineData("builtin:delay", """{"ms":600000}""")]
    [InlineData("shell:exec", """{"argv":["sleep","600"]}""")]
    public async Task A_stopped_attempt_ends_as_stopped(string tool, string arguments)
    {
        Start(1, tool, arguments, timeoutMs: 600_000);
        _pool.Stop(Id(1));
        Assert.Equal(AttemptOutcomeKind.Stopped, (await NextAsync()).Outcome.Kind);
        _pool.Stop(Id(1));
    }

    [Fact]
    public async Task Many_attempts_each_end_once()
    {
        const int Count = 500;
        for (var i = 0; i < Count; i++) Start(i, ToolCatalog.Delay, $$"""{"ms":{{i % 20}},"value":{{i}}}""");
        var ends = new Dictionary<int, string>();
        for (var i = 0; i < Count; i++)
        {
            var (attempt, outcome) = await NextAsync();
            ends.Add(attempt.Task, Encoding.UTF8.GetString(outcome.Output.Span));
        }
        Assert.All(ends, end => Assert.Equal($"{end.Key}", end.Value));
        Assert.False(_ended.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Shell_is_refused_where_it_is_switched_off()
    {
        using var pool = new WorkerPool(allowShell: false, new HttpAccess([]), (attempt, outcome) => _ended.Writer.TryWrite((attempt, outcome)));
        pool.Start(new StartTask(Id(1), ToolCatalog.Shell, """{"argv":["true"]}"""u8.ToArray(), TimeSpan.FromSeconds(30)));
        var (_, outcome) = await NextAsync();
        Assert.Equal(ToolFailureCode.ToolUnavailable, outcome.ErrorCode);
        Assert.Contains("--allow-shell", outcome.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_ends_with_the_timeout_of_the_task()
    {
        await using var server = await HttpServer.StartAsync(static async context =>
        {
            await context.Response.Body.WriteAsync("x"u8.ToArray());
            await context.Response.Body.FlushAsync();
            var gone = new TaskCompletionSource();
            using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        using var pool = new WorkerPool(allowShell: false, new HttpAccess([IPNetwork.Parse("127.0.0.0/8")]), (attempt, outcome) => _ended.Writer.TryWrite((attempt, outcome)));
        pool.Start(new StartTask(Id(1), ToolCatalog.HttpGet, Encoding.UTF8.GetBytes($$"""{"url":"{{server.Url()}}"}"""), TimeSpan.FromMilliseconds(300)));
        var (_, outcome) = await NextAsync();
        Assert.Equal((AttemptOutcomeKind.Failed, ToolFailureCode.Timeout, true), (outcome.Kind, outcome.ErrorCode, outcome.Retryable));
    }

    [Fact]
    public async Task Disposing_stops_what_runs()
    {
        Start(1, ToolCatalog.Shell, """{"argv":["sleep","600"]}""", timeoutMs: 600_000);
        _pool.Dispose();
        Assert.Equal(AttemptOutcomeKind.Stopped, (await NextAsync()).Outcome.Kind);
    }

    private static AttemptId Id(int task) => new(new WorkflowId(1, 2), task, 0, 1, 9);

    private void Start(int task, string tool, string arguments, int timeoutMs = 30_000) =>
        _pool.Start(new StartTask(Id(task), tool, Encoding.UTF8.GetBytes(arguments), TimeSpan.FromMilliseconds(timeoutMs)));

    private async Task<(AttemptId Attempt, AttemptOutcome Outcome)> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _ended.Reader.ReadAsync(patience.Token);
    }
}
