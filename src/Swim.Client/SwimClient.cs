using System.Runtime.CompilerServices;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swim.V1;

namespace Swim.Client;

/// <summary>
/// Submits workflows to a cluster and reads what became of them. Any node answers for any workflow, so the client asks whichever of
/// its servers answers. May be used from many threads; hold one for the life of the program.
/// </summary>
public sealed class SwimClient : IDisposable
{
    private readonly Caller _caller;
    private readonly Follower _follower;

    /// <summary>
    /// A client of the given servers, which logs to <paramref name="loggers"/> (default: nowhere) under its own name and <c>Grpc</c>.
    /// Connects at the first call.
    /// </summary>
    /// <exception cref="ArgumentException">The options are faulty; the message names all faults.</exception>
    public SwimClient(SwimClientOptions? options = null, ILoggerFactory? loggers = null)
    {
        options ??= new SwimClientOptions();
        var faults = string.Join(" ", options.Validate());
        if (faults.Length > 0) throw new ArgumentException(faults, nameof(options));
        options = options with { Servers = [.. options.Servers] };
        _caller = new Caller(options, loggers ?? NullLoggerFactory.Instance);
        _follower = new Follower(_caller, options);
    }

    /// <summary>The most that <see cref="GetAsync"/> can be asked to wait: 30 s.</summary>
    public static TimeSpan WaitMax { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Stores a workflow and gives it to hold on to: <see cref="SubmitAsync"/>, with a handle in place of the bare answer. The document
    /// is YAML or JSON; <paramref name="input"/>, as JSON with names in camel case, is what it refers to as <c>$INPUT</c>.
    /// </summary>
    /// <exception cref="SwimException">As <c>SubmitWorkflow</c> in workflows.proto says, or no server answered.</exception>
    [RequiresUnreferencedCode("Writes the input by reflection: give input_json in a SubmitWorkflowRequest.")]
    [RequiresDynamicCode("Writes the input by reflection: give input_json in a SubmitWorkflowRequest.")]
    public Task<WorkflowHandle> StartAsync(string document, object? input = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var json = input is null ? "" : JsonSerializer.Serialize(input, JsonSerializerOptions.Web);
        return StartAsync(new SubmitWorkflowRequest { Document = document, InputJson = json }, cancel);
    }

    /// <summary>Stores a workflow and gives it to hold on to: <see cref="SubmitAsync"/>, with a handle in place of the bare answer.</summary>
    /// <exception cref="SwimException">As <c>SubmitWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public async Task<WorkflowHandle> StartAsync(SubmitWorkflowRequest request, CancellationToken cancel = default)
    {
        var @namespace = request?.Namespace ?? "";
        var submitted = await SubmitAsync(request!, cancel).ConfigureAwait(false);
        return new WorkflowHandle(this, submitted.WorkflowId, @namespace) { IsExisting = submitted.Existing, Acked = submitted.Acked };
    }

    /// <summary>Gives a workflow that was submitted before, here or elsewhere, to hold on to. Asks no server: one that does not exist is refused later.</summary>
    public WorkflowHandle Workflow(string workflowId, string @namespace = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowId);
        ArgumentNullException.ThrowIfNull(@namespace);
        return new WorkflowHandle(this, workflowId, @namespace);
    }

    /// <summary>
    /// Stores a workflow. Where the request has no idempotency key it gets one of its own, once for all tries, so that a submission whose
    /// answer was lost is not stored twice when it is sent again; <c>existing</c> is then false, whichever try was the first to arrive.
    /// </summary>
    /// <exception cref="SwimException">As <c>SubmitWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public async Task<SubmitWorkflowResponse> SubmitAsync(SubmitWorkflowRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        // Its own copy: every try must say the same, whatever the caller does with the request meanwhile.
        request = request.Clone();
        var hasKey = request.IdempotencyKey.Length > 0;
        if (!hasKey) request.IdempotencyKey = Guid.NewGuid().ToString("N");
        var submitted = await _caller.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).SubmitWorkflowAsync(request, call), TimeSpan.Zero, cancel).ConfigureAwait(false);
        submitted.Existing &= hasKey;
        return submitted;
    }

    /// <summary>The state of a workflow; with <paramref name="wait"/> (at most <see cref="WaitMax"/>) once it has ended, or after that time as it is then.</summary>
    /// <exception cref="SwimException">As <c>GetWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public Task<Workflow> GetAsync(string workflowId, string @namespace = "", TimeSpan wait = default, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, WaitMax);
        return _caller.GetAsync(workflowId, @namespace, wait, null, cancel);
    }

    /// <summary>One task of a workflow, with its output however large: a workflow shows at most 1.5 MiB of outputs, of the others <c>output_bytes</c> alone.</summary>
    /// <exception cref="SwimException">As <c>GetWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public async Task<V1.Task> GetTaskAsync(string workflowId, string taskId, string @namespace = "", CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return (await _caller.GetAsync(workflowId, @namespace, TimeSpan.Zero, null, cancel, taskId).ConfigureAwait(false)).Tasks[0];
    }

    /// <summary>
    /// The workflow once it has ended. Goes on while servers come and go, and gives up only when for
    /// <see cref="SwimClientOptions.FollowPatience"/> none answered.
    /// </summary>
    /// <exception cref="SwimException">The workflow cannot be read, or no server answered for that long.</exception>
    public Task<Workflow> WaitAsync(string workflowId, string @namespace = "", CancellationToken cancel = default) =>
        _follower.WaitAsync(workflowId, @namespace, cancel);

    /// <summary>
    /// The workflow as it is, then after each change, until it has ended. Goes on at another server where one fails, without a gap; gives
    /// up only when for <see cref="SwimClientOptions.FollowPatience"/> none answered. A reader that is slow misses states in between, never the last.
    /// </summary>
    /// <exception cref="SwimException">The workflow cannot be read, or no server answered for that long.</exception>
    public IAsyncEnumerable<Workflow> WatchAsync(string workflowId, string @namespace = "", CancellationToken cancel = default) =>
        _follower.WatchAsync(workflowId, @namespace, cancel);

    /// <summary>Submits and waits for the end: <see cref="SubmitAsync"/>, then <see cref="WaitAsync"/>.</summary>
    /// <exception cref="SwimException">As for both.</exception>
    public async Task<Workflow> RunAsync(SubmitWorkflowRequest request, CancellationToken cancel = default) =>
        await (await StartAsync(request, cancel).ConfigureAwait(false)).EndAsync(cancel).ConfigureAwait(false);

    /// <summary>Asks for the end of a workflow; answers, with the state it had, once the wish is stored. A finished one stays as it is.</summary>
    /// <exception cref="SwimException">As <c>CancelWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public Task<CancelWorkflowResponse> CancelAsync(string workflowId, string @namespace = "", CancellationToken cancel = default)
    {
        var request = new CancelWorkflowRequest { WorkflowId = workflowId, Namespace = @namespace };
        return _caller.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).CancelWorkflowAsync(request, call), TimeSpan.Zero, cancel);
    }

    /// <summary>Why the tasks of a workflow that are neither ended nor running are not; with <paramref name="taskId"/> why that one is where it is.</summary>
    /// <exception cref="SwimException">As <c>ExplainWorkflow</c> in workflows.proto says, or no server answered.</exception>
    public Task<ExplainWorkflowResponse> ExplainAsync(string workflowId, string taskId = "", string @namespace = "", CancellationToken cancel = default)
    {
        var request = new ExplainWorkflowRequest { WorkflowId = workflowId, TaskId = taskId, Namespace = @namespace };
        return _caller.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).ExplainWorkflowAsync(request, call), TimeSpan.Zero, cancel);
    }

    /// <summary>All that is wrong with a document, by the rules of the answering node; nothing is stored. A wrong document is an answer, not an exception.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<ValidateWorkflowResponse> ValidateAsync(ValidateWorkflowRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).ValidateWorkflowAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>A page of workflows, newest first; give <c>next_page_token</c> of the answer as <c>page_token</c> for the next one.</summary>
    /// <exception cref="SwimException">As <c>ListWorkflows</c> in workflows.proto says, or no server answered.</exception>
    public Task<ListWorkflowsResponse> ListAsync(ListWorkflowsRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).ListWorkflowsAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>A page of the workflows that were worked on in two places at once, with what ran twice; pages as in <see cref="ListAsync"/>.</summary>
    /// <exception cref="SwimException">As <c>ListMerges</c> in workflows.proto says, or no server answered.</exception>
    public Task<ListMergesResponse> MergesAsync(ListMergesRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).ListMergesAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>The ring as the answering node sees it, with the owners of <paramref name="workflowId"/> unless that is empty.</summary>
    /// <exception cref="SwimException">The id is malformed, or no server answered.</exception>
    public Task<GetRingResponse> RingAsync(string workflowId = "", CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetRingAsync(new GetRingRequest { WorkflowId = workflowId }, call), TimeSpan.Zero, cancel);

    /// <summary>
    /// Makes a node take no new tasks, or, with <c>cancel</c>, take them again; waits for <c>wait_ms</c> at most until none runs there. Asks
    /// one server and, where that fails, no other, which would be another node to drain: give the client the one that is meant.
    /// </summary>
    /// <exception cref="SwimException">The wait is out of range, or the server did not answer.</exception>
    public Task<DrainResponse> DrainAsync(DrainRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _caller.CallOneAsync((invoker, call) => new Cluster.ClusterClient(invoker).DrainAsync(request, call), TimeSpan.FromMilliseconds(Math.Max(0, request.WaitMs)), cancel);
    }

    /// <summary>
    /// Makes a node leave its cluster for good, or, with <c>cancel</c>, stay; waits for <c>wait_ms</c> at most until it has left. Asks one server
    /// and no other, as <see cref="DrainAsync"/> does.
    /// </summary>
    /// <exception cref="SwimException">The wait is out of range, nobody is there to take over, or the server did not answer.</exception>
    public Task<LeaveResponse> LeaveAsync(LeaveRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _caller.CallOneAsync((invoker, call) => new Cluster.ClusterClient(invoker).LeaveAsync(request, call), TimeSpan.FromMilliseconds(Math.Max(0, request.WaitMs)), cancel);
    }

    /// <summary>Takes a member that is dead or left off the ring for good.</summary>
    /// <exception cref="SwimException">As <c>RemoveMember</c> in cluster.proto says, or no server answered.</exception>
    public Task<RemoveMemberResponse> RemoveMemberAsync(RemoveMemberRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).RemoveMemberAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>By which way the members answer the answering node.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<GetReachResponse> ReachAsync(CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetReachAsync(new GetReachRequest(), call), TimeSpan.Zero, cancel);

    /// <summary>
    /// How far members are from one another: from the answering node or the member that <paramref name="from"/> names, to every other or the one that
    /// <paramref name="to"/> names.
    /// </summary>
    /// <exception cref="SwimException">As <c>GetRtt</c> in cluster.proto says, or no server answered.</exception>
    public Task<GetRttResponse> RttAsync(string from = "", string to = "", CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetRttAsync(new GetRttRequest { From = from, To = to }, call), TimeSpan.Zero, cancel);

    /// <summary>
    /// The members as one node sees them: first all, then each change, without a gap; all of them again after lagging too far behind. Ends when that node stops:
    /// go on with another call, which begins with all of them again.
    /// </summary>
    /// <exception cref="SwimException">As <c>WatchMembers</c> in cluster.proto says, no server answered, or the stream broke off.</exception>
    public async IAsyncEnumerable<WatchMembersResponse> WatchMembersAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stream = await _caller.WatchMembersAsync(cancel).ConfigureAwait(false);
        while (await stream.NextAsync(cancel).ConfigureAwait(false)) yield return stream.Current;
    }

    /// <summary>The keys of every member, by fingerprint.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<KeysResponse> KeysAsync(CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).ListKeysAsync(new ListKeysRequest(), call), TimeSpan.Zero, cancel);

    /// <summary>Gives every member a key more.</summary>
    /// <exception cref="SwimException">As <c>InstallKey</c> in cluster.proto says, or no server answered.</exception>
    public Task<KeysResponse> InstallKeyAsync(InstallKeyRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).InstallKeyAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>Makes every member seal with another key.</summary>
    /// <exception cref="SwimException">As <c>UseKey</c> in cluster.proto says, or no server answered.</exception>
    public Task<KeysResponse> UseKeyAsync(UseKeyRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).UseKeyAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>Takes a key from every member.</summary>
    /// <exception cref="SwimException">As <c>RemoveKey</c> in cluster.proto says, or no server answered.</exception>
    public Task<KeysResponse> RemoveKeyAsync(RemoveKeyRequest request, CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).RemoveKeyAsync(request, call), TimeSpan.Zero, cancel);

    /// <summary>Every member that the answering node knows of.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<GetMembersResponse> MembersAsync(CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetMembersAsync(new GetMembersRequest(), call), TimeSpan.Zero, cancel);

    /// <summary>How the answering node fares.</summary>
    /// <exception cref="SwimException">No server answered.</exception>
    public Task<GetStatusResponse> StatusAsync(CancellationToken cancel = default) =>
        _caller.CallAsync((invoker, call) => new Cluster.ClusterClient(invoker).GetStatusAsync(new GetStatusRequest(), call), TimeSpan.Zero, cancel);

    /// <summary>Ends the connections. Calls under way end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _caller.Dispose();
}
