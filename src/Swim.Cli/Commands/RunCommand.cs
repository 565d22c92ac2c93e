using System.CommandLine;

namespace Swim.Cli.Commands;

/// <summary><c>swim run</c>: submits, follows, and prints the outcome.</summary>
internal static class RunCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("run", "Submits a workflow, follows it, live on a terminal, to its end and prints the outcome; exit code 1 unless SUCCEEDED.");
        var document = new DocumentSource(command);
        var plain = PlainOption.Create();
        command.Add(plain);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: true, async (run, limit) =>
        {
            var request = await document.ReadAsync(parsed, run.Terminal, limit).ConfigureAwait(false);
            var submitted = await SubmitCommand.SubmitAsync(run, request, limit).ConfigureAwait(false);
            // Programs want one answer, the end.
            return run.IsJson
                ? await WorkflowOutcome.WaitAsync(run, submitted.WorkflowId, request.Namespace, limit).ConfigureAwait(false)
                : await WorkflowFollowing.FollowAsync(run, submitted.WorkflowId, request.Namespace, PlainOption.ScreenOf(run, parsed.GetValue(plain)), limit).ConfigureAwait(false);
        }, cancel));
        return command;
    }
}
