using System.CommandLine;

namespace Swim.Cli.Commands;

/// <summary><c>swim health</c>: whether one node serves, told by the exit code: what a container's health check runs.</summary>
internal static class HealthCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("health", "Succeeds if the node has joined its cluster and serves; else exit code 3.");
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var status = await run.AskAsync(run.Client.StatusAsync(limit)).ConfigureAwait(false);
            run.Print(status, static (text, node) => text.WriteLine(node.Ready ? "ready" : "not ready"));
            return status.Ready ? ExitCode.Ok : ExitCode.Unreachable;
        }, cancel));
        return command;
    }
}
