using Grpc.Core;
using Microsoft.Extensions.Logging;
using Swim.V1;
using Task = System.Threading.Tasks.Task;

namespace Swim.Client;

/// <summary>
/// Makes calls to whichever server answers. A call goes to the server that answered last, and from there to each next one while the
/// failure is the server's own; then, after a pause, around again, as long as the call has time and rounds left. One try at a time: no
/// server is asked while another may still answer.
/// </summary>
internal sealed class Caller : IDisposable
{
    private readonly SwimClientOptions _options;
    private readonly Backoff _backoff;
    private readonly ServerPool _pool;

    public Caller(SwimClientOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _backoff = new Backoff(options.BackoffMin, options.BackoffMax);
        Log = loggers.CreateLogger<SwimClient>();
        _pool = new ServerPool(options.Servers, loggers);
    }

    /// <summary>What is worth telling the program's operator.</summary>
    public ILogger Log { get; }

    /// <summary><c>GetWorkflow</c>, with that long to answer beside the wait.</summary>
    public Task<Workflow> GetAsync(string workflowId, string @namespace, TimeSpan wait, TimeSpan? timeout, CancellationToken cancel, string taskId = "")
    {
        var request = new GetWorkflowRequest { WorkflowId = workflowId, Namespace = @namespace, WaitMs = (int)wait.TotalMilliseconds, TaskId = taskId };
        return CallAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).GetWorkflowAsync(request, call), wait, cancel, timeout);
    }

    /// <summary><c>WatchWorkflow</c>.</summary>
    public Task<ServerStream<WatchWorkflowResponse>> WatchAsync(WatchWorkflowRequest request, CancellationToken cancel) =>
        OpenAsync((invoker, call) => new Workflows.WorkflowsClient(invoker).WatchWorkflow(request, call), cancel);

    /// <summary><c>WatchMembers</c> of the first server that takes it.</summary>
    public async Task<ServerStream<WatchMembersResponse>> WatchMembersAsync(CancellationToken cancel)
    {
        for (var others = _pool.Count - 1; ; others--)
        {
            try
            {
                return await OpenAsync((invoker, call) => new Cluster.ClusterClient(invoker).WatchMembers(new WatchMembersRequest(), call), cancel).ConfigureAwait(false);
            }
            catch (SwimException failure) when (others > 0 && failure.Retryable)
            {
                // The pool goes on to the next one.
            }
        }
    }

    /// <summary>
    /// Calls until a server answers or refuses; <paramref name="wait"/> is how long the call itself asks the server to wait,
    /// <paramref name="timeout"/> how long the call may take beside that (null: as the options say).
    /// </summary>
    /// <exception cref="SwimException">Refused, or no server answered in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, before or meanwhile.</exception>
    public async Task<T> CallAsync<T>(
        Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, TimeSpan wait, CancellationToken cancel, TimeSpan? timeout = null)
        where T : class
    {
        var budget = new CallBudget((timeout ?? _options.CallTimeout) + wait);
        for (var round = 1; ; round++)
        {
            var (answer, failure) = await RoundAsync(call, TimeOfOneTry(round, wait), budget, cancel).ConfigureAwait(false);
            if (answer is not null) return answer;
            var pause = _backoff.After(round, failure!.RetryAfter);
            if (round >= _options.RoundsMax || pause >= budget.Left) throw failure;
            ClientLog.Pausing(Log, round, pause, failure.Code);
            await Task.Delay(pause, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Calls the server that answered last and no other: for what is about that server itself.</summary>
    /// <exception cref="SwimException">Refused, or not answered in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> CallOneAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, TimeSpan wait, CancellationToken cancel)
        where T : class
    {
        var server = _pool.Current;
        try
        {
            return await TryAsync(call, server, DateTime.UtcNow + _options.CallTimeout + wait, cancel).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw Described(failure, server, $"{_pool.AddressOf(server)}", cancel);
        }
    }

    /// <summary>
    /// Opens a stream at the server that answered last, once that has accepted it. Where it fails, then or later, the next call or stream
    /// goes to the next server.
    /// </summary>
    /// <exception cref="SwimException">Refused, or not accepted in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    private async Task<ServerStream<T>> OpenAsync<T>(Func<CallInvoker, CallOptions, AsyncServerStreamingCall<T>> call, CancellationToken cancel)
    {
        var server = _pool.Current;
        cancel.ThrowIfCancellationRequested();
        var stream = new ServerStream<T>(call(_pool.InvokerOf(server), new CallOptions(cancellationToken: cancel)), failure => StreamFailed(failure, server, cancel));
        try
        {
            await stream.AcceptedAsync(_pool.Count == 1 ? _options.CallTimeout : _options.ServerTimeout, cancel).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose() => _pool.Dispose();

    private TimeSpan TimeOfOneTry(int round, TimeSpan wait) =>
        _pool.Count == 1 ? TimeSpan.MaxValue : (_options.ServerTimeout * Math.Pow(2, Math.Min(round - 1, 10))) + wait;

    // An answer, or the most telling failure of servers that all failed; throws what any other server would refuse as well.
    private async Task<(T? Answer, SwimException? Failure)> RoundAsync<T>(
        Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, TimeSpan most, CallBudget budget, CancellationToken cancel)
        where T : class
    {
        SwimException? telling = null;
        var first = _pool.Current;
        for (var step = 0; step < _pool.Count && (step == 0 || budget.Left > TimeSpan.Zero); step++)
        {
            var server = (first + step) % _pool.Count;
            try
            {
                return (await TryAsync(call, server, budget.DeadlineWithin(most), cancel).ConfigureAwait(false), null);
            }
            catch (RpcException failure)
            {
                var isOfThisServer = CallFailure.IsOfThisServer(failure);
                var described = Described(failure, server, isOfThisServer ? _pool.Names : $"{_pool.AddressOf(server)}", cancel);
                if (!isOfThisServer) throw described;
                telling = CallFailure.MoreTelling(telling, described);
            }
        }

        return (null, telling);
    }

    private async Task<T> TryAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, int server, DateTime deadline, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var trying = call(_pool.InvokerOf(server), new CallOptions(deadline: deadline, cancellationToken: cancel));
        var answer = await trying.ResponseAsync.ConfigureAwait(false);
        _pool.Prefer(server);
        return answer;
    }

    private SwimException StreamFailed(RpcException failure, int server, CancellationToken cancel)
    {
        var described = Described(failure, server, $"{_pool.AddressOf(server)}", cancel);
        // Also where the server says only that it has too much to do: another may have less.
        if (described.Retryable) _pool.Leave(server);
        return described;
    }

    private SwimException Described(RpcException failure, int server, string names, CancellationToken cancel)
    {
        _pool.ThrowIfDisposed();
        cancel.ThrowIfCancellationRequested();
        var described = CallFailure.Describe(failure, names);
        if (CallFailure.IsOfThisServer(failure)) ClientLog.ServerFailed(Log, _pool.AddressOf(server), described.Code, failure.Status.Detail);
        return described;
    }
}
