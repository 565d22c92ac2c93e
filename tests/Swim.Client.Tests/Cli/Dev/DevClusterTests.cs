using System.Diagnostics;
using System.Text.Json;
using Swim.Cli;
using Swim.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client.Tests.Cli.Dev;

/// <summary><c>swim dev</c> as people use it: a process, its first lines, its addresses, a signal.</summary>
public sealed class DevClusterTests : IDisposable
{
    private const string Document = """{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":"kept"}}],"output":"$OUTPUT[a]"}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("swim-cli-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_first_command_it_shows_runs_any_node_answers_and_ctrl_c_leaves_nothing_behind()
    {
        await using var dev = DevProcess.Start(_directory, "--port", "0");
        var lines = (await dev.UntilLineAsync("Ctrl-C")).Split('\n');
        Assert.StartsWith("ready: 3 nodes after ", lines[0], StringComparison.Ordinal);
        var nodes = lines[1..4].Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]).ToList();
        Assert.Equal(3, nodes.Distinct().Count());
        var (exit, shown) = await ShellAsync(lines.Single(static line => line.StartsWith("try: ", StringComparison.Ordinal))["try: ".Length..]);
        Assert.Equal(0, exit);
        Assert.EndsWith("Hello from every node\n", shown, StringComparison.Ordinal);

        var id = await SubmitAsync(nodes[0]);
        Assert.Equal("kept", await OutcomeAsync(id, nodes[1]));
        Assert.Equal("kept", await OutcomeAsync(id, nodes[2]));
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(_directory));
        Assert.Equal((ExitCode.Ok, ""), await dev.EndAsync("INT"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task With_a_directory_it_goes_on_where_it_was_and_shares_it_with_nobody()
    {
        var data = Path.Combine(_directory, "kept");
        string id;
        await using (var dev = DevProcess.Start(_directory, "--port", "0", "--nodes", "2", "--data", data, "-o", "json"))
        {
            id = await SubmitAsync(Nodes(await dev.UntilLineAsync("{"))[0]);
            Assert.Equal((ExitCode.Ok, ""), await dev.EndAsync("TERM"));
        }

        await using var again = DevProcess.Start(_directory, "--port", "0", "--data", data, "-o", "json");
        var nodes = Nodes(await again.UntilLineAsync("{"));
        Assert.Equal(2, nodes.Count);
        foreach (var node in nodes) Assert.Equal("kept", await OutcomeAsync(id, node));

        var other = await CliRun.OfAsync(["dev", "--port", "0", "--data", data]);
        Assert.Equal((ExitCode.Failed, ""), (other.ExitCode, other.Out));
        Assert.Contains($"{data} is in use by another process", other.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, ""), await again.EndAsync("INT"));
        Assert.Equal(data, Assert.Single(Directory.EnumerateFileSystemEntries(_directory)));

        var fewer = await CliRun.OfAsync(["dev", "--port", "0", "--data", data, "--nodes", "1"]);
        Assert.Equal(ExitCode.BadInput, fewer.ExitCode);
        Assert.Contains("the 2 nodes in", fewer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_does_not_outlive_a_node_that_is_killed()
    {
        var pids = Path.Combine(_directory, "pids");
        await using var dev = DevProcess.Start(_directory, "--port", "0", "--nodes", "1", "--allow-shell", "-o", "json");
        var node = Nodes(await dev.UntilLineAsync("{"))[0];
        // The second one is what the node knows nothing of.
        var script = $"sleep 98765 & echo $! >{pids}.new; echo $$ >>{pids}.new; mv {pids}.new {pids}; wait";
        var document = $$"""{"tasks":[{"id":"a","tool":"shell:exec","arguments":{"argv":["sh","-c","{{script}}"]},"timeout_ms":600000}]}""";
        Assert.Equal(0, (await CliRun.OfAsync(document, "submit", "-", "--format", "json", "-s", node)).ExitCode);
        await UntilAsync("both programs run", () => File.Exists(pids));
        var running = (await File.ReadAllLinesAsync(pids)).ToList();
        Assert.Equal(2, running.Count(IsRunning));
        Assert.Equal(137, (await dev.EndAsync("KILL")).ExitCode);
        await UntilAsync("no program runs", () => !running.Exists(IsRunning));
    }

    // One that nobody has waited for yet has no command line any more.
    private static bool IsRunning(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(string what, Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"not within 60 s: {what}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static List<string> Nodes(string ready) =>
        [.. JsonDocument.Parse(ready).RootElement.GetProperty("nodes").EnumerateArray().Select(static node => node.GetProperty("grpc").GetString()!)];

    private static async Task<string> SubmitAsync(string server)
    {
        var run = await CliRun.OfAsync(Document, "submit", "-", "--format", "json", "--wait", "-s", server, "-o", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return JsonDocument.Parse(run.Out.Trim().Split('\n')[^1]).RootElement.GetProperty("workflow_id").GetString()!;
    }

    // Asked by one address only: no other node can have answered.
    private static async Task<string> OutcomeAsync(string id, string server)
    {
        Assert.True(ServerAddress.TryParseList(server, out var servers, out _));
        using var client = new SwimClient(new SwimClientOptions { Servers = servers });
        var workflow = await client.WaitAsync(id);
        Assert.Equal(WorkflowState.Succeeded, workflow.State);
        return JsonDocument.Parse(workflow.OutputJson).RootElement.GetString()!;
    }

    private static async Task<(int ExitCode, string Out)> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output);
    }
}
