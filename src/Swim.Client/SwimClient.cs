using System.Diagnostics;
using System.Runtime.CompilerServices;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client;

/// <summary>
/// Submits workflows to a cluster and reads what became of them. Any node answers for any workflow, so the client asks whichever of
/// its servers answers. May be used from many threads; hold one for the life of the program.
/// </summary>
public sealed class SwimClient : IDisposable
{
    // Short enough that a node which stops answering is left soon, long enough that following costs next to nothing.
    private static readonly TimeSpan PollWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWhileUnreachable = TimeSpan.FromMilliseconds(200);

    // A node may answer a wait early, for instance when too many wait; asking again at once would keep both busy.
    private static readonly TimeSpan PauseAfterEarlyAnswer = TimeSpan.FromMilliseconds(50);

    private readonly SwimClientOptions _options;
    private readonly ServerPool _servers;

    /// <summary>A client of the given servers. Connects at the first call.</summary>
    /// <exception cref="ArgumentException">The options are faulty; the message names all faults.</exception>
    public SwimClient(SwimClientOptions? options = null)
    {
        _options = options ?? new SwimClientOptions();
        var faults = string.Join(" ", _options.Validate());
        if (faults.Length > 0) throw new ArgumentException(faults, nameof(options));
        _servers = new ServerPool(_options);
    }

    /// <summary>
    /// Stores a workflow. Where the request has no idempotency key it gets one of its own, so that a submission whose answer was
    /// lost is not stored twice when it is sent again to another server.
    /// </summary>
    /// <exception cref="SwimException">As <c>SubmitWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public Task<SubmitWorkflowResponse> SubmitAsync(SubmitWorkflowRequest request, CancellationToken cancel = default)
    {
        if (request.IdempotencyKey.Length == 0)
        {
            request = request.Clone();
            request.IdempotencyKey = Guid.NewGuid().ToString("N");
        }

        return _servers.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).SubmitWorkflowAsync(request, call), TimeSpan.Zero, cancel);
    }

    /// <summary>The state of a workflow; with <paramref name="wait"/> (at most 30 s) once it has ended, or after that time as it is then.</summary>
    /// <exception cref="SwimException">As <c>GetWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public Task<Workflow> GetAsync(string workflowId, string @namespace = "", TimeSpan wait = default, CancellationToken cancel = default)
    {
        var request = new GetWorkflowRequest { WorkflowId = workflowId, Namespace = @namespace, WaitMs = (int)wait.TotalMilliseconds };
        return _servers.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).GetWorkflowAsync(request, call), wait, cancel);
    }

    /// <summary>
    /// The workflow once it has ended. Goes on while servers come and go, and gives up only when for
    /// <see cref="SwimClientOptions.FollowPatience"/> none answered.
    /// </summary>
    /// <exception cref="SwimException">The workflow cannot be read, or no server answered for that long.</exception>
    public async Task<Workflow> WaitAsync(string workflowId, string @namespace = "", CancellationToken cancel = default)
    {
        var answered = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                var workflow = await GetAsync(workflowId, @namespace, PollWait, cancel).ConfigureAwait(false);
                if (workflow.State.HasEnded()) return workflow;
                answered = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(asked) < PauseAfterEarlyAnswer) await Task.Delay(PauseAfterEarlyAnswer, cancel).ConfigureAwait(false);
            }
            catch (SwimException failure) when (failure.Retryable && Stopwatch.GetElapsedTime(answered) < _options.FollowPatience)
            {
                await Task.Delay(failure.RetryAfter > PauseWhileUnreachable ? failure.RetryAfter : PauseWhileUnreachable, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// The workflow as it is, then after each change, until it has ended. Goes on at another server where one fails, without a gap; gives
    /// up only when for <see cref="SwimClientOptions.FollowPatience"/> none answered. A reader that is slow misses states in between, never the last.
    /// </summary>
    /// <exception cref="SwimException">The workflow cannot be read, or no server answered for that long.</exception>
    public async IAsyncEnumerable<Workflow> WatchAsync(string workflowId, string @namespace = "", [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var follow = new WorkflowFollow(workflowId, @namespace);
        var answered = Stopwatch.GetTimestamp();
        while (!follow.HasEnded)
        {
            var events = _servers.StreamAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).WatchWorkflow(follow.Request(), call), cancel)
                .GetAsyncEnumerator(cancel);
            await using (events.ConfigureAwait(false))
            {
                while (await NextAsync(events, answered, cancel).ConfigureAwait(false))
                {
                    answered = Stopwatch.GetTimestamp();
                    yield return follow.Take(events.Current);
                }
            }
        }
    }

    // True with an event, false when the stream is over; a failure that may pass counts as over.
    private async Task<bool> NextAsync(IAsyncEnumerator<WatchWorkflowResponse> events, long answered, CancellationToken cancel)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (SwimException failure) when (failure.Retryable && Stopwatch.GetElapsedTime(answered) < _options.FollowPatience)
        {
            await Task.Delay(failure.RetryAfter > PauseWhileUnreachable ? failure.RetryAfter : PauseWhileUnreachable, cancel).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Submits and waits for the end: <see cref="SubmitAsync"/>, then <see cref="WaitAsync"/>.</summary>
    /// <exception cref="SwimException">As for both.</exception>
    public async Task<Workflow> RunAsync(SubmitWorkflowRequest request, CancellationToken cancel = default)
    {
        var submitted = await SubmitAsync(request, cancel).ConfigureAwait(false);
        return await WaitAsync(submitted.WorkflowId, request.Namespace, cancel).ConfigureAwait(false);
    }

    /// <summary>Asks for the end of a workflow; answers, with the state it had, once the wish is stored. A finished one stays as it is.</summary>
    /// <exception cref="SwimException">As <c>CancelWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public Task<CancelWorkflowResponse> CancelAsync(string workflowId, string @namespace = "", CancellationToken cancel = default)
    {
        var request = new CancelWorkflowRequest { WorkflowId = workflowId, Namespace = @namespace };
        return _servers.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).CancelWorkflowAsync(request, call), TimeSpan.Zero, cancel);
    }

    /// <summary>All that is wrong with a document, by the rules of the answering node; nothing is stored. A wrong document is an answer, not an exception.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<ValidateWorkflowResponse> ValidateAsync(ValidateWorkflowRequest request, CancellationToken cancel = default) =>
        _servers.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).ValidateWorkflowAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>A page of workflows, newest first; give <c>next_page_token</c> of the answer as <c>page_token</c> for the next one.</summary>
    /// <exception cref="SwimException">As <c>ListWorkflows</c> in workflows.proto says, or no server answered.</exception>
    public Task<ListWorkflowsResponse> ListAsync(ListWorkflowsRequest request, CancellationToken cancel = default) =>
        _servers.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).ListWorkflowsAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>The ring as the answering node sees it, with the owners of <paramref name="workflowId"/> unless that is empty.</summary>
    /// <exception cref="SwimException">The id is malformed, or no server answered.</exception>
    public Task<GetRingResponse> RingAsync(string workflowId = "", CancellationToken cancel = default) =>
        _servers.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetRingAsync(new GetRingRequest { WorkflowId = workflowId }, call), TimeSpan.Zero, cancel);

    /// <summary>
    /// Makes the answering node take no new tasks, or, with <c>cancel</c>, take them again; waits for <c>wait_ms</c> at most until none runs
    /// there. Which node answers is open where the client has several servers: give it one.
    /// </summary>
    /// <exception cref="SwimException">The wait is out of range, or no server answered.</exception>
    public Task<DrainResponse> DrainAsync(DrainRequest request, CancellationToken cancel = default) =>
        _servers.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).DrainAsync(request, call), TimeSpan.FromMilliseconds(Math.Max(0, request.WaitMs)), cancel);

    /// <summary>Every member that the answering node knows of.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<GetMembersResponse> MembersAsync(CancellationToken cancel = default) =>
        _servers.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetMembersAsync(new GetMembersRequest(), call), TimeSpan.Zero, cancel);

    /// <summary>How the answering node fares.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<GetStatusResponse> StatusAsync(CancellationToken cancel = default) =>
        _servers.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetStatusAsync(new GetStatusRequest(), call), TimeSpan.Zero, cancel);

    /// <inheritdoc/>
    public void Dispose() => _servers.Dispose();
}
