using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim reach</c>: by which way one node reaches the others.</summary>
internal static class ReachCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("reach", "Shows by which way each member answers the answering node: UDP, UDP through another member, or gRPC.");
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            run.Print(await run.AskAsync(run.Client.ReachAsync(limit)).ConfigureAwait(false), ClusterText.Write);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
