using System.CommandLine;
using Swim.Cli.Output;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim watch</c>: follows a workflow to its end, a line for each change of a task.</summary>
internal static class WatchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("watch", "Follows a workflow: a line for each task that changed, then the outcome; exit code 1 unless SUCCEEDED. With -o json a workflow a line.");
        var id = new WorkflowIdArgument(command);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: true, async (run, limit) =>
        {
            var workflowId = await id.ResolveAsync(run, parsed, mustBeSure: false, limit).ConfigureAwait(false);
            var last = await FollowAsync(run, workflowId, id.Namespace(parsed), limit).ConfigureAwait(false);
            if (!run.IsJson) await WorkflowOutcome.ShowAsync(run, last, limit).ConfigureAwait(false);
            return last.State == WorkflowState.Succeeded ? ExitCode.Ok : ExitCode.Failed;
        }, cancel));
        return command;
    }

    private static async Task<Workflow> FollowAsync(CommandRun run, string id, string @namespace, CancellationToken cancel)
    {
        Workflow last = new();
        await foreach (var workflow in run.Client.WatchAsync(id, @namespace, cancel).ConfigureAwait(false))
        {
            run.Print(workflow, (writer, shown) => WriteChanges(writer, last, shown));
            last = workflow;
        }

        return last;
    }

    private static void WriteChanges(TextWriter writer, Workflow before, Workflow now)
    {
        var known = before.Tasks.ToDictionary(static task => task.Id);
        foreach (var task in now.Tasks)
        {
            var (state, attempt) = known.TryGetValue(task.Id, out var old) ? (old.State, old.Attempt) : (TaskState.Pending, 0);
            if ((state, attempt) == (task.State, task.Attempt)) continue;
            var tried = task.Attempt > 1 ? $", attempt {task.Attempt}" : "";
            var why = task.Error is { } error ? $": {error.Code}: {error.Message}" : "";
            writer.WriteLine(Printable.Line($"{task.Id}  {StateWord.Of(task.State)}{tried}{why}"));
        }
    }
}
