using Swim.Cli.Live;
using Swim.Cli.Output;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cli.Commands;

/// <summary>Follows a workflow before the eyes of whoever asked: on a terminal a live view, elsewhere a line for each change, with JSON a workflow a line.</summary>
internal static class WorkflowFollowing
{
    /// <summary>Follows to the end; answers the exit code.</summary>
    public static Task<int> FollowAsync(CommandRun run, string workflowId, string @namespace, Screen? screen, CancellationToken cancel) =>
        WorkflowOutcome.StayingAsync(run, workflowId, @namespace, async () =>
        {
            var news = run.Client.WatchAsync(workflowId, @namespace, cancel);
            var end = screen is null
                ? await LinesAsync(run, news, cancel).ConfigureAwait(false)
                : await LiveAsync(run, screen, workflowId, news, cancel).ConfigureAwait(false);
            return WorkflowOutcome.CodeOf(end);
        });

    private static async Task<Workflow> LiveAsync(CommandRun run, Screen screen, string workflowId, IAsyncEnumerable<Workflow> news, CancellationToken cancel)
    {
        var names = new NodeNames(run.Client);
        var view = new LiveView(run.Terminal, screen, workflowId, names.Of);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var beside = Task.WhenAll(TickAsync(view, run.Terminal.Clock, over.Token), names.KeepLearningAsync(over.Token));
        Workflow last = new();
        try
        {
            await foreach (var workflow in news.ConfigureAwait(false)) view.Show(last = workflow);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await beside.ConfigureAwait(false);
            view.Leave();
        }

        if (last.Tasks.Any(task => task.Executor.Length > 0 && !names.Knows(task.Executor))) await names.LearnAsync(cancel).ConfigureAwait(false);
        view.Finish(last);
        WorkflowText.WriteOutcome(run.Terminal.Out, last);
        return last;
    }

    private static async Task TickAsync(LiveView view, TimeProvider clock, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(LiveView.Interval, clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return;
            view.Tick();
        }
    }

    private static async Task<Workflow> LinesAsync(CommandRun run, IAsyncEnumerable<Workflow> news, CancellationToken cancel)
    {
        Workflow last = new();
        await foreach (var workflow in news.ConfigureAwait(false))
        {
            run.Print(workflow, (writer, shown) => WriteChanges(writer, last, shown));
            last = workflow;
        }

        if (!run.IsJson) await WorkflowOutcome.ShowAsync(run, last, cancel).ConfigureAwait(false);
        return last;
    }

    private static void WriteChanges(TextWriter writer, Workflow before, Workflow now)
    {
        var known = before.Tasks.GroupBy(static task => task.Id).ToDictionary(static group => group.Key, static group => group.First());
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
