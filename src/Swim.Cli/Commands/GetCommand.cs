using System.CommandLine;

namespace Swim.Cli.Commands;

/// <summary><c>swim get</c>: shows one workflow.</summary>
internal static class GetCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("get", "Shows a workflow: its tasks, its state, its output.");
        var id = new Argument<string>("ID") { Description = "The id that submit printed." };
        var space = NamespaceOption.Create();
        var wait = new Option<bool>("--wait") { Description = "Waits for the end first; exit code 1 unless SUCCEEDED." };
        command.Add(id);
        command.Add(space);
        command.Add(wait);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, parsed.GetValue(wait), async (run, limit) =>
        {
            var (workflowId, name) = (parsed.GetRequiredValue(id), parsed.GetValue(space)!);
            if (parsed.GetValue(wait)) return await WorkflowOutcome.FollowAsync(run, workflowId, name, limit).ConfigureAwait(false);
            var workflow = await run.Client.GetAsync(workflowId, name, cancel: limit).ConfigureAwait(false);
            await WorkflowOutcome.ShowAsync(run, workflow, limit).ConfigureAwait(false);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
