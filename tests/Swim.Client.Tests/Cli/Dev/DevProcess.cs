using System.Diagnostics;
using System.Text;
using Swim.Cli;

namespace Swim.Client.Tests.Cli.Dev;

/// <summary><c>swim dev</c> as a process of its own, with a directory for temporary files of its own.</summary>
internal sealed class DevProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly Task<string> _error;

    private DevProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>How this test calls the command from a shell.</summary>
    public static string Command => $"dotnet '{typeof(CommandLine).Assembly.Location}'";

    public static DevProcess Start(string temporary, params string[] args)
    {
        // What starts the tests may have set SIGINT to be ignored, which children inherit.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", "dotnet", typeof(CommandLine).Assembly.Location, "dev", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = temporary;
        start.Environment["SWIM_COMMAND"] = Command;
        return new DevProcess(Process.Start(start)!);
    }

    /// <summary>Standard output up to the line that begins with <paramref name="last"/>.</summary>
    public async Task<string> UntilLineAsync(string last)
    {
        using var limit = new CancellationTokenSource(Patience);
        var text = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            text.Append(line).Append('\n');
            if (line.StartsWith(last, StringComparison.Ordinal)) return text.ToString();
        }

        throw new InvalidOperationException($"ended before '{last}': {text}{await _error}");
    }

    /// <summary>Sends a signal, and answers exit code and standard error once the process has ended.</summary>
    public async Task<(int ExitCode, string Error)> EndAsync(string signal)
    {
        using (var kill = Process.Start("kill", ["-" + signal, $"{_process.Id}"])) await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
