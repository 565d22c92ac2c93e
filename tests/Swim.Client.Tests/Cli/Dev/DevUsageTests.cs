using System.Net;
using System.Net.Sockets;
using Swim.Cli;
using Xunit;

namespace Swim.Client.Tests.Cli.Dev;

/// <summary>What <c>swim dev</c> cannot do it says in one line, before it starts anything.</summary>
public sealed class DevUsageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("swim-cli-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("--nodes 0", "--nodes 0 is out of range: give 1 to 16.")]
    [InlineData("--nodes -1", "--nodes -1 is out of range: give 1 to 16.")]
    [InlineData("--nodes 17", "--nodes 17 is out of range: give 1 to 16.")]
    [InlineData("--nodes many", "--nodes 'many' is no whole number: give digits only.")]
    [InlineData("--port http", "--port 'http' is no whole number: give digits only.")]
    [InlineData("--port -1", "--port -1 is out of range: 3 nodes need 1 to 65513, or 0 for any free ones.")]
    [InlineData("--port 65514", "--port 65514 is out of range: 3 nodes need 1 to 65513, or 0 for any free ones.")]
    [InlineData("--log-level loud", "--log-level 'loud' is no level")]
    [InlineData("--log-level 2", "--log-level '2' is no level")]
    [InlineData("--output xml", "--output 'xml' is no format")]
    public async Task A_wrong_option_is_told(string args, string told)
    {
        var run = await CliRun.OfAsync(["dev", "--data", Path.Combine(_directory, "new"), .. args.Split(' ')]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_directory_of_something_else_is_left_as_it_is()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "letter.txt"), "Dear");
        var run = await CliRun.OfAsync(["dev", "--data", _directory, "--port", "0"]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        Assert.Contains("letter.txt", run.Error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory));
        var file = await CliRun.OfAsync(["dev", "--data", Path.Combine(_directory, "letter.txt"), "--port", "0"]);
        Assert.Equal(ExitCode.BadInput, file.ExitCode);
        Assert.Contains("is a file", file.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketType.Stream, 0)]
    [InlineData(SocketType.Stream, 1)]
    [InlineData(SocketType.Dgram, 2)]
    public async Task A_port_of_any_kind_that_is_taken_is_named(SocketType type, int place)
    {
        using var holder = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (type == SocketType.Stream) holder.Listen();
        var port = ((IPEndPoint)holder.LocalEndPoint!).Port;
        var run = await CliRun.OfAsync(["dev", "--nodes", "1", "--port", $"{port - place}", "--data", Path.Combine(_directory, "new")]);
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Contains("taken by something else", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{port}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
