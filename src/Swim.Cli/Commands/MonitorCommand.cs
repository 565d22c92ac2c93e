using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim monitor</c>: what happens to members, as one node sees it, while it happens.</summary>
internal static class MonitorCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("monitor", "Shows what happens to members, as one node sees it, until Ctrl-C or until that node stops. With -o json a line each.");
        command.SetAction((parsed, interrupted) => runner.RunAsync(parsed, follows: true, async (run, limit) =>
        {
            try
            {
                await foreach (var news in run.Client.WatchMembersAsync(limit).ConfigureAwait(false)) run.Print(news, MonitorText.Write);
                await run.Terminal.Error.WriteLineAsync("swim: the node stops").ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                // That is how one ends it.
            }

            return ExitCode.Ok;
        }, interrupted));
        return command;
    }
}
