using System.Diagnostics;
using Swim.Core.Storage;
using Swim.Node.Disk;
using Xunit;

namespace Swim.Node.Tests.Disk;

public sealed class SyncFailureTests
{
    /// <summary>The kernel answers the third <c>fdatasync</c> of each thread, and every later one, with EIO.</summary>
    [StraceFact]
    public async Task A_sync_that_the_kernel_fails_stops_the_process()
    {
        using var directory = new TemporaryDirectory();
        string[] command =
        [
            "-f", "-qq", "-o", directory["trace"], "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=3+",
            Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet",
            "exec", typeof(DiskChild).Assembly.Location, directory["data"],
        ];
        var (exitCode, output) = await RunAsync("strace", command);
        Assert.Equal(DiskChild.FatalExitCode, exitCode);
        Assert.Equal(2, output.Length - 1);
        Assert.Equal(["durable 1", "durable 2"], output[..2]);
        Assert.StartsWith("fatal DiskSyncException fdatasync cells-0000000000000001.log", output[2], StringComparison.Ordinal);
        Assert.EndsWith("(error 5).", output[2], StringComparison.Ordinal);
        Assert.True(CountRecovered(directory["data"]) >= 2);
    }

    private static int CountRecovered(string directory)
    {
        using var disk = LinuxDisk.OpenDirectory(directory);
        var count = 0;
        CellLog.Open(disk, new CellLogOptions(), _ => count++, out _).Dispose();
        return count;
    }

    internal static async Task<(int ExitCode, string[] Lines)> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>Skipped, with the reason, where strace is missing or may not trace.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    private static readonly bool _works = CanTrace();

    public StraceFactAttribute()
    {
        if (!_works) Skip = "strace is missing or may not trace here; it injects the failing sync.";
    }

    private static bool CanTrace()
    {
        try
        {
            return SyncFailureTests.RunAsync("strace", ["-o", "/dev/null", "-e", "inject=fdatasync:error=EIO", "true"]).GetAwaiter().GetResult().ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
