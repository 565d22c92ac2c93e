using Grpc.Core;
using Swim.Cli.Live;
using Swim.Cli.Output;
using Swim.Client;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cli.Commands;

/// <summary>Shows a workflow, and says by the exit code whether it succeeded.</summary>
internal static class WorkflowOutcome
{
    /// <summary>Waits for its end and shows that.</summary>
    public static Task<int> WaitAsync(CommandRun run, string workflowId, string @namespace, CancellationToken cancel) =>
        StayingAsync(run, workflowId, @namespace, async () =>
        {
            var doing = $"Waiting for the end of {ShortId.OfWorkflow(workflowId)}; Ctrl-C leaves it running";
            var workflow = await Activity.ShowAsync(run.Terminal, doing, run.Client.WaitAsync(workflowId, @namespace, cancel)).ConfigureAwait(false);
            await ShowAsync(run, workflow, cancel).ConfigureAwait(false);
            return CodeOf(workflow);
        });

    /// <summary>Runs a body that follows a workflow; where it is cut short, says that the workflow is not, and how to look at it again.</summary>
    public static async Task<T> StayingAsync<T>(CommandRun run, string workflowId, string @namespace, Func<Task<T>> body)
    {
        try
        {
            return await body().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SwimException { Status: not StatusCode.NotFound })
        {
            var space = @namespace.Length == 0 ? "" : $" --namespace {@namespace}";
            await run.Terminal.Error.WriteLineAsync(
                Printable.Line($"The workflow goes on without this command. To look at it again: swim watch {workflowId}{space}{run.SameServers}")).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Shows it as it is.</summary>
    public static async Task ShowAsync(CommandRun run, Workflow workflow, CancellationToken cancel)
    {
        var names = new NodeNames(run.Client);
        if (!run.IsJson) await names.LearnAsync(cancel).ConfigureAwait(false);
        run.Print(workflow, (writer, shown) => WorkflowText.Write(writer, shown, names.Of));
    }

    /// <summary>0 when it succeeded, else 1.</summary>
    public static int CodeOf(Workflow workflow) => workflow.State == WorkflowState.Succeeded ? ExitCode.Ok : ExitCode.Failed;
}
