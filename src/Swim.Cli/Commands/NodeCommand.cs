using System.CommandLine;
using System.Net.Sockets;
using Swim.Core.Storage;
using Swim.Node;
using Swim.Node.Configuration;

namespace Swim.Cli.Commands;

/// <summary><c>swim node</c>: runs a node until it is told to end. Its options are those of <see cref="NodeSettings"/>.</summary>
internal static class NodeCommand
{
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(50);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("node", "Runs a node until Ctrl-C or SIGTERM. Prints one line with its addresses when it is ready.");
        var settings = NodeSettings.All.Select(setting => (Setting: setting, Option: OptionOf(setting))).ToList();
        foreach (var (_, option) in settings) command.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            var given = settings
                .Where(item => parsed.GetResult(item.Option) is { Implicit: false })
                .ToDictionary(item => item.Setting.Option, item => parsed.GetValue(item.Option) ?? "");
            return RunAsync(given, terminal, cancel);
        });
        return command;
    }

    private static Option<string?> OptionOf(NodeSetting setting) => new(setting.Option)
    {
        Description = $"{setting.Help} [${setting.Variable}]",
        HelpName = setting.ValueName ?? "true|false",
        Arity = setting.ValueName is null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    private static async Task<int> RunAsync(Dictionary<string, string> given, Terminal terminal, CancellationToken cancel)
    {
        var faults = new List<string>();
        var options = NodeSettings.Read(given, terminal.Environment, faults);
        foreach (var fault in faults) await terminal.Error.WriteLineAsync($"swim node: {fault}").ConfigureAwait(false);
        if (faults.Count > 0) return ExitCode.BadInput;
        try
        {
            while (true)
            {
                var node = await NodeHost.StartAsync(options, cancel).ConfigureAwait(false);
                if (await ServeAsync(node, options, terminal, cancel).ConfigureAwait(false) is { } exit) return exit;
            }
        }
        catch (Exception failure) when (failure is DiskException or CorruptLogException or LogFormatException or IOException or SocketException or UnauthorizedAccessException)
        {
            await terminal.Error.WriteLineAsync($"swim node: {failure.Message}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }

    // Null: it was removed, and is to start anew.
    private static async Task<int?> ServeAsync(NodeHost node, NodeOptions options, Terminal terminal, CancellationToken cancel)
    {
        // The loops may stop the process for a fault at any time, so both ends are watched from the first moment.
        var told = Task.Delay(Timeout.Infinite, cancel);
        while (!node.IsReady && !node.Completion.IsCompleted && !told.IsCompleted) await Task.Delay(ReadyPoll, CancellationToken.None).ConfigureAwait(false);
        if (node.IsReady && !told.IsCompleted)
        {
            await terminal.Out.WriteLineAsync(
                $"ready node={node.Id} name={node.Name} cluster={options.Cluster} grpc={At(options, node.GrpcPort)} " +
                $"http={At(options, node.HttpPort)} udp={At(options, node.UdpPort)}").ConfigureAwait(false);
            await terminal.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await Task.WhenAny(node.Completion, told).ConfigureAwait(false);
        if (!node.Completion.IsFaulted)
        {
            await node.StopAsync().ConfigureAwait(false);
            return ExitCode.Ok;
        }

        if (node.Completion.Exception!.InnerException is RemovedFromClusterException removed)
        {
            await terminal.Error.WriteLineAsync($"swim node: {removed.Message}").ConfigureAwait(false);
            await node.StopAsync().ConfigureAwait(false);
            return null;
        }

        // No orderly end here: after a broken rule or a failed sync nothing more may be written.
        await terminal.Error.WriteLineAsync($"swim node: stopped by a fault: {node.Completion.Exception!.InnerException!.Message}").ConfigureAwait(false);
        return ExitCode.Failed;
    }

    private static HostPort At(NodeOptions options, int port) => new(options.Bind, port);
}
