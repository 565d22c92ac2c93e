using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim members</c>: the cluster as one node sees it.</summary>
internal static class MembersCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("members", "Lists the members of the cluster as the answering node knows them.");
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            run.Print(await run.AskAsync(run.Client.MembersAsync(limit)).ConfigureAwait(false), ClusterText.Write);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
