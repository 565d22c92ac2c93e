using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client;

/// <summary>Follows workflows to their end while servers come and go.</summary>
internal sealed class Follower(Caller caller, SwimClientOptions options)
{
    // Short enough that a node which stops answering is left soon, long enough that following costs next to nothing.
    private static readonly TimeSpan PollWait = TimeSpan.FromSeconds(5);

    // A node may answer a wait early, for instance when too many wait; asking again at once would keep both busy.
    private static readonly TimeSpan PauseAfterEarlyAnswer = TimeSpan.FromMilliseconds(50);

    /// <summary>The workflow once it has ended.</summary>
    public async Task<Workflow> WaitAsync(string workflowId, string @namespace, CancellationToken cancel)
    {
        var patience = new Patience(options);
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                var workflow = await caller.GetAsync(workflowId, @namespace, PollWait, patience.CallTimeout, cancel).ConfigureAwait(false);
                if (workflow.State.HasEnded()) return workflow;
                patience.Answered();
                if (Stopwatch.GetElapsedTime(asked) < PauseAfterEarlyAnswer) await Task.Delay(PauseAfterEarlyAnswer, cancel).ConfigureAwait(false);
            }
            catch (SwimException failure) when (patience.Endures(failure, asked))
            {
                await PauseAsync(workflowId, failure, patience, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The workflow as it is, then after each change, until it has ended.</summary>
    public async IAsyncEnumerable<Workflow> WatchAsync(string workflowId, string @namespace, [EnumeratorCancellation] CancellationToken cancel)
    {
        var follow = new WorkflowFollow(workflowId, @namespace);
        var patience = new Patience(options);
        while (!follow.HasEnded)
        {
            using var stream = await OpenAsync(follow, patience, cancel).ConfigureAwait(false);
            while (stream is not null && await NextAsync(stream, follow, patience, cancel).ConfigureAwait(false) is { } workflow) yield return workflow;
        }
    }

    // Null, after a pause, when the stream could not be opened and that may pass.
    private async Task<ServerStream<WatchWorkflowResponse>?> OpenAsync(WorkflowFollow follow, Patience patience, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await caller.WatchAsync(follow.Request(), cancel).ConfigureAwait(false);
        }
        catch (SwimException failure) when (patience.Endures(failure, began))
        {
            await PauseAsync(follow.WorkflowId, failure, patience, cancel).ConfigureAwait(false);
            return null;
        }
    }

    // Null when the stream is over: the workflow has ended, or else, after a pause, it is to be opened anew.
    private async Task<Workflow?> NextAsync(ServerStream<WatchWorkflowResponse> stream, WorkflowFollow follow, Patience patience, CancellationToken cancel)
    {
        try
        {
            if (!await stream.NextAsync(cancel).ConfigureAwait(false)) return follow.HasEnded ? null : throw Senseless("ended the stream before the workflow ended");
            var workflow = follow.Take(stream.Current) ?? throw Senseless("sent an event that changes nothing");
            patience.Answered();
            return workflow;
        }
        catch (SwimException failure) when (Endures(patience, stream, failure))
        {
            await PauseAsync(follow.WorkflowId, failure, patience, cancel).ConfigureAwait(false);
            return null;
        }
    }

    private static bool Endures(Patience patience, ServerStream<WatchWorkflowResponse> stream, SwimException failure)
    {
        if (stream.HasStood) patience.Answered();
        return patience.Endures(failure, Stopwatch.GetTimestamp());
    }

    private Task PauseAsync(string workflowId, SwimException failure, Patience patience, CancellationToken cancel)
    {
        ClientLog.FollowingOn(caller.Log, workflowId, failure.Code);
        return patience.PauseAsync(failure, cancel);
    }

    private static SwimException Senseless(string what) => new(StatusCode.Internal, "BAD_ANSWER", $"The server {what}.", true);
}
