using Grpc.Core;
using Swim.Cli.Output;
using Swim.Client;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Cli.Commands;

/// <summary>Shows a workflow, and says by the exit code whether it succeeded.</summary>
internal static class WorkflowOutcome
{
    private static readonly TimeSpan NamesWait = TimeSpan.FromSeconds(2);

    /// <summary>Follows it to its end and shows that.</summary>
    public static async Task<int> FollowAsync(CommandRun run, string workflowId, string @namespace, CancellationToken cancel)
    {
        try
        {
            var workflow = await run.Client.WaitAsync(workflowId, @namespace, cancel).ConfigureAwait(false);
            await ShowAsync(run, workflow, cancel).ConfigureAwait(false);
            return workflow.State == WorkflowState.Succeeded ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception fault) when (fault is OperationCanceledException or SwimException { Status: not StatusCode.NotFound })
        {
            await run.Terminal.Error.WriteLineAsync($"The workflow goes on without this command; see swim get {workflowId}").ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Shows it as it is.</summary>
    public static async Task ShowAsync(CommandRun run, Workflow workflow, CancellationToken cancel)
    {
        var names = run.IsJson ? [] : await NamesAsync(run.Client, cancel).ConfigureAwait(false);
        run.Print(workflow, (writer, shown) => WorkflowText.Write(writer, shown, id => names.GetValueOrDefault(id, id)));
    }

    private static async Task<Dictionary<string, string>> NamesAsync(SwimClient client, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(NamesWait);
        try
        {
            var members = await client.MembersAsync(limit.Token).ConfigureAwait(false);
            return members.Members.GroupBy(member => member.NodeId).ToDictionary(group => group.Key, group => group.First().Name);
        }
        catch (Exception fault) when (fault is SwimException or OperationCanceledException)
        {
            return []; // Names are a courtesy; the ids say the same.
        }
    }
}
