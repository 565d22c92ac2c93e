using System.CommandLine;
using Swim.Cli.Live;
using Swim.Client;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cli.Commands;

/// <summary><c>swim drain</c>: lets a node finish what it runs and take nothing new.</summary>
internal sealed class DrainCommand
{
    private static readonly TimeSpan PollWait = TimeSpan.FromSeconds(5);

    // A node may answer early; asking again at once would keep both busy.
    private static readonly TimeSpan PauseBetween = TimeSpan.FromMilliseconds(50);

    private readonly Option<bool> _cancel = new("--cancel") { Description = "Takes it back: the node takes tasks again." };
    private readonly Option<bool> _wait = new("--wait") { Description = "Waits until the node runs no task." };
    private readonly NodeArgument _node;

    private DrainCommand(Command command)
    {
        _node = new NodeArgument(command);
        command.Add(_cancel);
        command.Add(_wait);
    }

    public static Command Create(CommandRunner runner)
    {
        var command = new Command("drain", "Makes one node take no new tasks; those it runs finish, and it goes on holding state. Lasts until --cancel or a restart.");
        var self = new DrainCommand(command);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, parsed.GetValue(self._wait), (run, limit) => self.RunAsync(run, parsed, limit), cancel));
        return command;
    }

    private async Task<int> RunAsync(CommandRun run, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_cancel) && parsed.GetValue(_wait)) throw new BadInputException("--cancel and --wait contradict each other: give one.");
        using var node = await _node.ConnectAsync(run, parsed, cancel).ConfigureAwait(false);
        var answer = await run.AskAsync(node.DrainAsync(new DrainRequest { Cancel = parsed.GetValue(_cancel) }, cancel)).ConfigureAwait(false);
        if (parsed.GetValue(_wait)) answer = await WaitAsync(run, node, answer, cancel).ConfigureAwait(false);
        run.Print(answer, static (writer, shown) => writer.WriteLine((shown.Draining, shown.TasksRunning) switch
        {
            (false, _) => "takes tasks",
            (_, 0) => "drained: no task runs",
            (_, 1) => "draining: 1 task runs",
            _ => $"draining: {shown.TasksRunning} tasks run",
        }));
        return ExitCode.Ok;
    }

    private static async Task<DrainResponse> WaitAsync(CommandRun run, SwimClient node, DrainResponse answer, CancellationToken cancel)
    {
        try
        {
            return await Activity.ShowAsync(run.Terminal, "Waiting until the node runs no task", UntilIdleAsync(node, answer, cancel)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await run.Terminal.Error.WriteLineAsync("The node goes on draining; take it back with --cancel").ConfigureAwait(false);
            throw;
        }
    }

    // Draining is asked for again each time, so a node that restarted meanwhile drains too.
    private static async Task<DrainResponse> UntilIdleAsync(SwimClient node, DrainResponse answer, CancellationToken cancel)
    {
        var request = new DrainRequest { WaitMs = (int)PollWait.TotalMilliseconds };
        while (answer.TasksRunning > 0)
        {
            answer = await node.DrainAsync(request, cancel).ConfigureAwait(false);
            if (answer.TasksRunning > 0) await Task.Delay(PauseBetween, cancel).ConfigureAwait(false);
        }

        return answer;
    }
}
