using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim ring</c>: who owns how much, or who owns one workflow.</summary>
internal static class RingCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("ring", "Shows the consistent-hash ring as the answering node sees it; with an ID, who owns that workflow.");
        var id = new WorkflowIdArgument(command, isOptional: true);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var workflowId = await id.ResolveAsync(run, parsed, mustBeSure: false, limit).ConfigureAwait(false);
            run.Print(await run.AskAsync(run.Client.RingAsync(workflowId, limit)).ConfigureAwait(false), RingText.Write);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
