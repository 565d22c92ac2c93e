using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Swim.Cli.Output;
using Swim.Core.Storage;

namespace Swim.Cli.Dev;

/// <summary>
/// One run of <c>swim dev</c>, from the plan to the exit code. Apart from the command, which help and completion make too and which
/// should not cost them the loading of a node.
/// </summary>
internal static class DevRun
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(DevPlan plan, Func<bool> isJson, Terminal terminal, CancellationToken cancel)
    {
        var asJson = false;
        try
        {
            asJson = isJson();
            return await RunAsync(plan, asJson, terminal, cancel).ConfigureAwait(false);
        }
        catch (BadInputException fault)
        {
            return Report(terminal, asJson, "INVALID_ARGUMENT", fault.Message, ExitCode.BadInput);
        }
        catch (Exception failure) when (failure is DiskException or CorruptLogException or LogFormatException or IOException or SocketException or UnauthorizedAccessException)
        {
            return Report(terminal, asJson, "FAILED", failure.Message, ExitCode.Failed);
        }
    }

    private static async Task<int> RunAsync(DevPlan plan, bool asJson, Terminal terminal, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        var level = LevelOf(plan.LogLevel);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // The terminal was closed: the same as Ctrl-C, or the temporary directory would stay.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            end.Cancel();
        });
        // Before the directory is made: what cannot be started leaves nothing.
        _ = plan.Ports(plan.NodesOver(0));
        using var directory = DevDirectory.Open(plan.Data);
        var nodes = plan.NodesOver(directory.NodesHeld);
        if (FreePorts.Taken(plan.Ports(nodes)) is { Count: > 0 } taken)
            throw new IOException($"taken by something else: port {string.Join(", ", taken)}. Give another first port with --port, or 0 for any free ones.");
        try
        {
            var cluster = await DevCluster.StartAsync(plan, directory, nodes, level, end.Token).ConfigureAwait(false);
            await using (cluster.ConfigureAwait(false)) return await ServeAsync(cluster, directory, begun, asJson, terminal, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }

    private static async Task<int> ServeAsync(DevCluster cluster, DevDirectory directory, long begun, bool asJson, Terminal terminal, CancellationToken end)
    {
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(end))
        {
            limit.CancelAfter(ReadyTimeout);
            try
            {
                await cluster.UntilReadyAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!end.IsCancellationRequested)
            {
                return Report(terminal, asJson, "FAILED", $"The nodes are not ready after {ReadyTimeout.TotalSeconds:0} s. Look again with --log-level information.", ExitCode.Failed);
            }
        }

        var took = Stopwatch.GetElapsedTime(begun);
        var text = asJson ? DevText.ReadyJson(cluster.Nodes, directory, took) : DevText.Ready(cluster.Nodes, directory, took, terminal.Environment);
        await terminal.Out.WriteLineAsync(text).ConfigureAwait(false);
        await terminal.Out.FlushAsync(end).ConfigureAwait(false);
        var ended = await cluster.AnyEnded.WaitAsync(end).ConfigureAwait(false);
        return Report(terminal, asJson, "FAILED", $"stopped by a fault: {ended.Exception?.InnerException?.Message}", ExitCode.Failed);
    }

    private static LogLevel LevelOf(string text) =>
        Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) && !char.IsAsciiDigit(text[0])
            ? level
            : throw new BadInputException($"--log-level '{text}' is no level: give trace, debug, information, warning, error, critical or none.");

    private static int Report(Terminal terminal, bool asJson, string code, string message, int exit)
    {
        terminal.Error.WriteLine(asJson ? JsonText.Error(code, message) : $"swim dev: {message}");
        return exit;
    }
}
