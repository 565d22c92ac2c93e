using System.CommandLine;
using System.Globalization;
using Swim.Cli.Live;
using Swim.Cli.Output;
using Swim.Client;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim leave</c>: takes a node out of its cluster for good, with nothing left behind.</summary>
internal sealed class LeaveCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollWait = TimeSpan.FromSeconds(1);

    private readonly Option<bool> _cancel = new("--cancel") { Description = "Takes it back: the node stays and takes tasks again." };
    private readonly NodeArgument _node;

    private LeaveCommand(Command command)
    {
        _node = new NodeArgument(command);
        command.Add(_cancel);
    }

    public static Command Create(CommandRunner runner)
    {
        var command = new Command("leave", "Takes one node out of the cluster for good: it hands over all it holds, says that it left, and ends. Waits for that, a minute unless told otherwise.");
        var self = new LeaveCommand(command);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, Patience, (run, limit) => self.RunAsync(run, parsed, limit), cancel));
        return command;
    }

    private async Task<int> RunAsync(CommandRun run, ParseResult parsed, CancellationToken cancel)
    {
        using var node = await _node.ConnectAsync(run, parsed, cancel).ConfigureAwait(false);
        var isCancel = parsed.GetValue(_cancel);
        var answer = await run.AskAsync(node.LeaveAsync(new LeaveRequest { Cancel = isCancel }, cancel)).ConfigureAwait(false);
        if (!isCancel) answer = await WaitAsync(run, node, answer, cancel).ConfigureAwait(false);
        run.Print(answer, static (writer, shown) => writer.WriteLine(shown.Left ? "left: it holds nothing any more, and ends" : "stays, and takes tasks"));
        return ExitCode.Ok;
    }

    private static async Task<LeaveResponse> WaitAsync(CommandRun run, SwimClient node, LeaveResponse answer, CancellationToken cancel)
    {
        try
        {
            return await Activity.ShowAsync(run.Terminal, "Waiting until the node has handed over what it holds", UntilLeftAsync()).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await run.Terminal.Error.WriteLineAsync($"The node goes on leaving: {LeftOver(answer)}. Take it back with --cancel").ConfigureAwait(false);
            throw;
        }

        async Task<LeaveResponse> UntilLeftAsync()
        {
            while (!answer.Left) answer = await node.LeaveAsync(new LeaveRequest { WaitMs = (int)PollWait.TotalMilliseconds }, cancel).ConfigureAwait(false);
            return answer;
        }
    }

    private static string LeftOver(LeaveResponse answer)
    {
        if (answer is { TasksRunning: 0, Buckets: 0 }) return "it holds nothing any more, and no other member is known to have heard that it leaves";
        var waits = answer.Waits.Select(static wait => string.Create(
            CultureInfo.InvariantCulture, $"{wait.Buckets} for {Printable.Line(wait.Name.Length > 0 ? wait.Name : wait.NodeId)} ({StateWord.Of(wait.State)})"));
        return string.Create(CultureInfo.InvariantCulture, $"{answer.TasksRunning} tasks run, {answer.Buckets} buckets are left")
            + (answer.Waits.Count > 0 ? $": {string.Join(", ", waits)}" : "");
    }
}
