using System.CommandLine;

namespace Swim.Cli.Commands;

/// <summary><c>swim watch</c>: follows a workflow to its end.</summary>
internal static class WatchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("watch", "Follows a workflow, live on a terminal, to its end, then prints the outcome; exit code 1 unless SUCCEEDED. With -o json a workflow a line.");
        var id = new WorkflowIdArgument(command);
        var plain = PlainOption.Create();
        command.Add(plain);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: true, async (run, limit) =>
        {
            var workflowId = await id.ResolveAsync(run, parsed, mustBeSure: false, limit).ConfigureAwait(false);
            return await WorkflowFollowing.FollowAsync(run, workflowId, id.Namespace(parsed), PlainOption.ScreenOf(run, parsed.GetValue(plain)), limit).ConfigureAwait(false);
        }, cancel));
        return command;
    }
}
