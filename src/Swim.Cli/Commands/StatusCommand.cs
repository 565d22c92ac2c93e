using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim status</c>: how one node fares.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("status", "Shows how the answering node fares.");
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            run.Print(await run.AskAsync(run.Client.StatusAsync(limit)).ConfigureAwait(false), ClusterText.Write);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
