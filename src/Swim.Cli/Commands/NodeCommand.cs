using System.CommandLine;
using Swim.Core.Storage;
using Swim.Node;
using Swim.Node.Configuration;

namespace Swim.Cli.Commands;

/// <summary><c>swim node</c>: runs a node until it is told to stop.</summary>
internal static class NodeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("node", "Runs a node. Every setting may also stand in the environment, as SWIM_ and its name in capitals.");
        var options = NodeSettings.All.ToDictionary(static setting => setting.Option, OptionFor);
        foreach (var option in options.Values) command.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            var given = options.Where(entry => parsed.GetResult(entry.Value) is { Implicit: false })
                .ToDictionary(static entry => entry.Key, entry => parsed.GetValue(entry.Value) ?? "");
            return RunAsync(given, terminal, cancel);
        });
        return command;
    }

    private static Option<string> OptionFor(NodeSetting setting) => new(setting.Option)
    {
        Description = setting.Help,
        HelpName = setting.ValueName,
        Arity = setting.ValueName is null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    private static async Task<int> RunAsync(Dictionary<string, string> given, Terminal terminal, CancellationToken stop)
    {
        var faults = new List<string>();
        var options = NodeSettings.Read(given, terminal.Environment, faults);
        if (faults.Count > 0) return Report(terminal, faults, ExitCode.BadInput);
        try
        {
            var node = await NodeHost.StartAsync(options, stop).ConfigureAwait(false);
            await terminal.Out.WriteLineAsync(
                $"node {node.Id} ({node.Name}): gRPC {options.Bind}:{node.GrpcPort}, HTTP {options.Bind}:{node.HttpPort}, UDP {options.Bind}:{node.UdpPort}").ConfigureAwait(false);
            await terminal.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return await UntilStoppedAsync(node, terminal, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is DiskException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            return Report(terminal, [fault.Message], ExitCode.Failed);
        }
    }

    // A node that must end is not closed in order: what it holds in memory can no longer be trusted.
    private static async Task<int> UntilStoppedAsync(NodeHost node, Terminal terminal, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        using var registration = stop.Register(stopped.SetResult);
        if (await Task.WhenAny(node.Completion, stopped.Task).ConfigureAwait(false) == node.Completion)
            return Report(terminal, [node.Completion.Exception?.InnerException?.Message ?? "The node stopped."], ExitCode.Failed);
        await node.StopAsync().ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static int Report(Terminal terminal, IReadOnlyList<string> faults, int code)
    {
        foreach (var fault in faults) terminal.Error.WriteLine($"swim: {fault}");
        return code;
    }
}
