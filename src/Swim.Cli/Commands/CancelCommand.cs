using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim cancel</c>: asks for the end of a workflow.</summary>
internal static class CancelCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("cancel", "Asks for the end of a workflow; prints the state it had. A finished one stays as it is.");
        var id = new WorkflowIdArgument(command);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var workflowId = await id.ResolveAsync(run, parsed, mustBeSure: true, limit).ConfigureAwait(false);
            var answer = await run.AskAsync(run.Client.CancelAsync(workflowId, id.Namespace(parsed), limit)).ConfigureAwait(false);
            run.Print(answer, (writer, shown) => writer.WriteLine(Printable.Line($"{workflowId}  was {StateWord.Of(shown.State)}")));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
