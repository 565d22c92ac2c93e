using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Tools;
using Swim.Node.Tests.Disk;
using Swim.Node.Workers;
using Xunit;

namespace Swim.Node.Tests.Workers;

public sealed class ShellToolTests
{
    [Fact]
    public async Task A_program_answers_exit_code_stdout_and_stderr() =>
        Assert.Equal(
            """{"exit_code":0,"stderr":"err","stdout":"out é"}""",
            Json(await RunAsync("sh", "-c", "printf 'out é'; printf err >&2")));

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are_without_a_shell() =>
        Assert.Equal("""{"exit_code":0,"stderr":"","stdout":"$HOME * \"x\" ; 'y'"}""", Json(await RunAsync("printf", "%s", "$HOME * \"x\" ; 'y'")));

    [Fact]
    public async Task Input_reaches_the_program()
    {
        var outcome = await RunAsync(new JsonObject { ["argv"] = new JsonArray("wc", "-c"), ["stdin"] = new string('x', 300_000) });
        Assert.Equal("300000", outcome.Output!["stdout"]!.GetValue<string>().Trim());
    }

    [Fact]
    public async Task A_program_need_not_read_its_input()
    {
        var outcome = await RunAsync(new JsonObject { ["argv"] = new JsonArray("true"), ["stdin"] = new string('x', 300_000) });
        Assert.True(outcome.IsSuccess, outcome.Failure?.Message);
    }

    [Fact]
    public async Task The_environment_is_what_is_given_and_PATH_and_the_guard()
    {
        var outcome = await RunAsync(new JsonObject { ["argv"] = new JsonArray("env"), ["env"] = new JsonObject { ["A"] = "1 2", ["B"] = "" } });
        var lines = outcome.Output!["stdout"]!.GetValue<string>().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        Assert.Equal(["A=1 2", "B=", "PATH=" + Environment.GetEnvironmentVariable("PATH")], lines.Where(static line => !line.StartsWith("SWIM_GUARD=", StringComparison.Ordinal)));
        Assert.Single(lines, static line => line.StartsWith("SWIM_GUARD=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_directory_is_what_is_given_and_programs_are_found_from_there()
    {
        using var directory = new TemporaryDirectory();
        var program = Path.Combine(directory.Path, "here");
        File.CreateSymbolicLink(program, "/bin/sh");
        var outcome = await RunAsync(new JsonObject { ["argv"] = new JsonArray("./here", "-c", "pwd"), ["cwd"] = directory.Path });
        Assert.EndsWith(Path.GetFileName(directory.Path) + "\n", outcome.Output?["stdout"]?.GetValue<string>(), StringComparison.Ordinal);
        // Not by the bare name: the directory is not in PATH.
        var bare = await RunAsync(new JsonObject { ["argv"] = new JsonArray("here"), ["cwd"] = directory.Path });
        Assert.Equal(ShellTool.NotFound, bare.Failure?.Code);
    }

    [Fact]
    public async Task Another_exit_code_is_a_failure_with_the_end_of_stderr()
    {
        var failure = (await RunAsync("sh", "-c", "echo first >&2; echo broken >&2; exit 3")).Failure!;
        Assert.Equal((ShellTool.Exit, true), (failure.Code, failure.Retryable));
        Assert.Equal("The program ended with exit code 3: first\nbroken", failure.Message);
    }

    [Theory]
    [InlineData("""{"argv":["no-such-program-here"]}""", ShellTool.NotFound)]
    [InlineData("""{"argv":["/proc/version"]}""", ShellTool.NotFound)]
    [InlineData("""{"argv":[""]}""", ShellTool.NotFound)]
    [InlineData("""{"argv":[]}""", ToolFailureCode.InvalidArgument)]
    [InlineData("""{"argv":"ls"}""", ToolFailureCode.InvalidArgument)]
    [InlineData("""{"argv":["ls","a\u0000b"]}""", ToolFailureCode.InvalidArgument)]
    [InlineData("""{"argv":["ls"],"env":{"A=B":"1"}}""", ToolFailureCode.InvalidArgument)]
    [InlineData("""{"argv":["ls"],"cwd":"/no/such/directory"}""", ToolFailureCode.InvalidArgument)]
    [InlineData("""{"argv":["ls"],"shell":true}""", ToolFailureCode.InvalidArgument)]
    public async Task What_cannot_start_fails_for_good(string arguments, string code)
    {
        var failure = (await RunAsync(JsonNode.Parse(arguments)!.AsObject())).Failure!;
        Assert.Equal((code, false), (failure.Code, failure.Retryable));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("yes >&2")]
    public async Task Endless_output_is_cut_off_and_the_program_killed(string script) =>
        Assert.Equal(ShellTool.OutputTooLarge, (await RunAsync("sh", "-c", script)).Failure?.Code);

    [Fact]
    public async Task The_largest_output_is_a_result() =>
        Assert.True((await RunAsync("sh", "-c", $"head -c {ShellTool.OutputBytesMax} /dev/zero | tr '\\0' x")).IsSuccess);

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_replaced() =>
        Assert.Equal("""{"exit_code":0,"stderr":"","stdout":"a�b"}""", Json(await RunAsync("printf", "a\\377b")));

    [Fact]
    public async Task Cancelling_kills_the_program_and_its_children()
    {
        using var directory = new TemporaryDirectory();
        using var cancel = new CancellationTokenSource();
        var pids = Path.Combine(directory.Path, "pids");
        var running = ShellTool.RunAsync(Arguments("sh", "-c", $"sleep 300 & echo $! > {pids}.new; echo $$ >> {pids}.new; mv {pids}.new {pids}; wait"), cancel.Token);
        await UntilAsync(() => File.Exists(pids));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        foreach (var pid in await File.ReadAllLinesAsync(pids)) await UntilAsync(() => !IsRunning(pid));
    }

    [Fact]
    public async Task A_child_left_in_the_background_does_not_hold_the_answer()
    {
        using var directory = new TemporaryDirectory();
        var pid = Path.Combine(directory.Path, "pid");
        try
        {
            Assert.Equal("""{"exit_code":0,"stderr":"","stdout":"done"}""", Json(await RunAsync("sh", "-c", $"sleep 300 & echo $! > {pid}; printf done")));
        }
        finally
        {
            using var child = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pid), System.Globalization.CultureInfo.InvariantCulture));
            child.Kill();
        }
    }

    private static Task<ToolOutcome> RunAsync(params string[] argv) => RunAsync(Arguments(argv));

    private static async Task<ToolOutcome> RunAsync(JsonObject arguments)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await ShellTool.RunAsync(arguments, patience.Token);
    }

    private static JsonObject Arguments(params string[] argv) => new() { ["argv"] = new JsonArray([.. argv.Select(text => JsonValue.Create(text))]) };

    private static string Json(ToolOutcome outcome) => outcome.Failure?.Message ?? Encoding.UTF8.GetString(outcome.OutputJson.Span);

    // A zombie that nobody has reaped yet does not run.
    private static bool IsRunning(string pid)
    {
        var stat = $"/proc/{pid}/stat";
        try
        {
            return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(10))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "the condition did not come true");
    }
}
