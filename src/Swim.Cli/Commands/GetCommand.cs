using System.CommandLine;
using Swim.Cli.Output;

namespace Swim.Cli.Commands;

/// <summary><c>swim get</c>: shows one workflow.</summary>
internal static class GetCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("get", "Shows a workflow: its tasks, its state, its output.");
        var id = new WorkflowIdArgument(command);
        var wait = new Option<bool>("--wait") { Description = "Waits for the end first; exit code 1 unless SUCCEEDED." };
        var task = new Option<string>("--task") { Description = "Shows the output of this task alone, however large.", HelpName = "TASK" };
        command.Add(wait);
        command.Add(task);
        command.Validators.Add(result =>
        {
            if (result.GetValue(wait) && result.GetValue(task) is not null) result.AddError("--wait and --task exclude each other: wait first, then ask for the task.");
        });
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, parsed.GetValue(wait), async (run, limit) =>
        {
            var workflowId = await id.ResolveAsync(run, parsed, mustBeSure: false, limit).ConfigureAwait(false);
            var space = id.Namespace(parsed);
            if (parsed.GetValue(task) is { Length: > 0 } taskId)
            {
                var shown = await run.AskAsync(run.Client.GetTaskAsync(workflowId, taskId, space, limit)).ConfigureAwait(false);
                run.Print(shown, WorkflowText.WriteTask);
                return ExitCode.Ok;
            }

            if (parsed.GetValue(wait)) return await WorkflowOutcome.WaitAsync(run, workflowId, space, limit).ConfigureAwait(false);
            var workflow = await run.AskAsync(run.Client.GetAsync(workflowId, space, cancel: limit)).ConfigureAwait(false);
            await WorkflowOutcome.ShowAsync(run, workflow, limit).ConfigureAwait(false);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }
}
