using Google.Protobuf;
using Grpc.Core;
using Swim.V1;

namespace Swim.Client.Tests.Fakes;

/// <summary>What the fake services answer with, set by each test; and what they were asked.</summary>
internal sealed class FakeAnswers
{
    public List<SubmitWorkflowRequest> Submitted { get; } = [];

    public List<GetWorkflowRequest> Asked { get; } = [];

    public int AskedCount
    {
        get
        {
            lock (Asked) return Asked.Count;
        }
    }

    public List<WatchWorkflowRequest> Watched { get; } = [];

    public int Drained { get; set; }

    public Func<SubmitWorkflowRequest, SubmitWorkflowResponse> Submit { get; set; } =
        _ => new SubmitWorkflowResponse { WorkflowId = FakeNode.WorkflowId, Acked = AckLevel.K };

    public Func<GetWorkflowRequest, int, Workflow> Get { get; set; } = (_, _) => FakeNode.Finished();

    public Func<CancelWorkflowResponse> Cancel { get; set; } = () => new CancelWorkflowResponse { State = WorkflowState.Running };

    public Func<ValidateWorkflowRequest, ValidateWorkflowResponse> Validate { get; set; } = _ => new ValidateWorkflowResponse { Valid = true, Name = "x", Tasks = 2, Layers = 1 };

    public Func<ListWorkflowsRequest, ListWorkflowsResponse> List { get; set; } = request => new ListWorkflowsResponse
    {
        Workflows = { new[] { FakeNode.Summary(FakeNode.WorkflowId) }.Where(workflow => workflow.WorkflowId.StartsWith(request.IdPrefix, StringComparison.Ordinal)) },
    };

    public Func<ExplainWorkflowRequest, ExplainWorkflowResponse> Explain { get; set; } = request => new ExplainWorkflowResponse { WorkflowId = request.WorkflowId };

    public Func<ListMergesRequest, ListMergesResponse> Merges { get; set; } = _ => new ListMergesResponse();

    /// <summary>The states a watcher is told one after the other, each as a snapshot; the stream ends after the last.</summary>
    public Func<WatchWorkflowRequest, IAsyncEnumerable<Workflow>> Watch { get; set; } = _ => new[] { FakeNode.Running(), FakeNode.Finished() }.ToAsyncEnumerable();

    /// <summary>In place of <see cref="Watch"/>, where set: the whole call, given how many there were with it.</summary>
    public Func<int, IServerStreamWriter<WatchWorkflowResponse>, ServerCallContext, System.Threading.Tasks.Task>? WatchCall { get; set; }

    public Func<DrainRequest, DrainResponse> Drain { get; set; } = request => new DrainResponse { Draining = !request.Cancel };

    public Func<LeaveRequest, LeaveResponse> Leave { get; set; } = request => new LeaveResponse { Leaving = !request.Cancel, Left = !request.Cancel };

    public Func<GetRttRequest, GetRttResponse> Rtt { get; set; } = _ => new GetRttResponse();

    /// <summary>What a follower of the members is told, and what it waits for after that.</summary>
    public List<WatchMembersResponse> MemberNews { get; } = [];

    public System.Threading.Tasks.Task MemberNewsEnd { get; set; } = System.Threading.Tasks.Task.CompletedTask;

    /// <summary>Where the members say the nodes answer.</summary>
    public int GrpcPort { get; set; } = 7400;

    public bool IsReady { get; set; } = true;

    /// <summary>Completed by the first call of any kind.</summary>
    public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every call waits for this first.</summary>
    public System.Threading.Tasks.Task Gate { get; set; } = System.Threading.Tasks.Task.CompletedTask;

    /// <summary>False: a caller who gives up does not end the wait for the gate, as in a process that stood still.</summary>
    public bool HeedsCallers { get; set; } = true;

    /// <summary>What happens when a call comes in, before the gate.</summary>
    public Action<ServerCallContext>? Before { get; set; }

    /// <summary>Waits for the gate, or for the caller to give up.</summary>
    public async System.Threading.Tasks.Task EnterAsync(ServerCallContext context)
    {
        Called.TrySetResult();
        Before?.Invoke(context);
        await Gate.WaitAsync(HeedsCallers ? context.CancellationToken : CancellationToken.None);
    }
}

/// <summary>The methods of swim.v1.Workflows.</summary>
[BindServiceMethod(typeof(WorkflowsMethods), nameof(Bind))]
internal abstract class WorkflowsMethods
{
    public static void Bind(ServiceBinderBase binder, WorkflowsMethods? service)
    {
        Unary.Add<SubmitWorkflowRequest, SubmitWorkflowResponse>(binder, "swim.v1.Workflows", "SubmitWorkflow");
        Unary.Add<GetWorkflowRequest, Workflow>(binder, "swim.v1.Workflows", "GetWorkflow");
        Unary.Add<CancelWorkflowRequest, CancelWorkflowResponse>(binder, "swim.v1.Workflows", "CancelWorkflow");
        Unary.Add<ValidateWorkflowRequest, ValidateWorkflowResponse>(binder, "swim.v1.Workflows", "ValidateWorkflow");
        Unary.Add<ListWorkflowsRequest, ListWorkflowsResponse>(binder, "swim.v1.Workflows", "ListWorkflows");
        Unary.Add<ExplainWorkflowRequest, ExplainWorkflowResponse>(binder, "swim.v1.Workflows", "ExplainWorkflow");
        Unary.Add<ListMergesRequest, ListMergesResponse>(binder, "swim.v1.Workflows", "ListMerges");
        Unary.AddStream<WatchWorkflowRequest, WatchWorkflowResponse>(binder, "swim.v1.Workflows", "WatchWorkflow");
    }

    public abstract Task<SubmitWorkflowResponse> SubmitWorkflow(SubmitWorkflowRequest request, ServerCallContext context);

    public abstract Task<Workflow> GetWorkflow(GetWorkflowRequest request, ServerCallContext context);

    public abstract Task<CancelWorkflowResponse> CancelWorkflow(CancelWorkflowRequest request, ServerCallContext context);

    public abstract Task<ValidateWorkflowResponse> ValidateWorkflow(ValidateWorkflowRequest request, ServerCallContext context);

    public abstract Task<ListWorkflowsResponse> ListWorkflows(ListWorkflowsRequest request, ServerCallContext context);

    public abstract Task<ExplainWorkflowResponse> ExplainWorkflow(ExplainWorkflowRequest request, ServerCallContext context);

    public abstract Task<ListMergesResponse> ListMerges(ListMergesRequest request, ServerCallContext context);

    public abstract System.Threading.Tasks.Task WatchWorkflow(WatchWorkflowRequest request, IServerStreamWriter<WatchWorkflowResponse> stream, ServerCallContext context);
}

/// <summary>swim.v1.Workflows, answering as the test says.</summary>
internal sealed class FakeWorkflows(FakeAnswers answers) : WorkflowsMethods
{
    public override async Task<SubmitWorkflowResponse> SubmitWorkflow(SubmitWorkflowRequest request, ServerCallContext context)
    {
        lock (answers.Submitted) answers.Submitted.Add(request);
        await answers.EnterAsync(context);
        return answers.Submit(request);
    }

    public override async Task<Workflow> GetWorkflow(GetWorkflowRequest request, ServerCallContext context)
    {
        int count;
        lock (answers.Asked)
        {
            answers.Asked.Add(request);
            count = answers.Asked.Count;
        }

        await answers.EnterAsync(context);
        return answers.Get(request, count);
    }

    public override async Task<CancelWorkflowResponse> CancelWorkflow(CancelWorkflowRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.Cancel();
    }

    public override async Task<ValidateWorkflowResponse> ValidateWorkflow(ValidateWorkflowRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.Validate(request);
    }

    public override async Task<ExplainWorkflowResponse> ExplainWorkflow(ExplainWorkflowRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.Explain(request);
    }

    public override async Task<ListMergesResponse> ListMerges(ListMergesRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.Merges(request);
    }

    public override async Task<ListWorkflowsResponse> ListWorkflows(ListWorkflowsRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.List(request);
    }

    public override async System.Threading.Tasks.Task WatchWorkflow(WatchWorkflowRequest request, IServerStreamWriter<WatchWorkflowResponse> stream, ServerCallContext context)
    {
        int count;
        lock (answers.Watched)
        {
            answers.Watched.Add(request);
            count = answers.Watched.Count;
        }

        await answers.EnterAsync(context);
        if (answers.WatchCall is { } call)
        {
            await call(count, stream, context);
            return;
        }

        await foreach (var workflow in answers.Watch(request).WithCancellation(context.CancellationToken))
            await stream.WriteAsync(new WatchWorkflowResponse { Snapshot = workflow, ResumeToken = ByteString.CopyFromUtf8("next") });
    }
}

/// <summary>The methods of swim.v1.Cluster.</summary>
[BindServiceMethod(typeof(ClusterMethods), nameof(Bind))]
internal abstract class ClusterMethods
{
    public static void Bind(ServiceBinderBase binder, ClusterMethods? service)
    {
        Unary.Add<GetMembersRequest, GetMembersResponse>(binder, "swim.v1.Cluster", "GetMembers");
        Unary.Add<GetStatusRequest, GetStatusResponse>(binder, "swim.v1.Cluster", "GetStatus");
        Unary.Add<GetRingRequest, GetRingResponse>(binder, "swim.v1.Cluster", "GetRing");
        Unary.Add<DrainRequest, DrainResponse>(binder, "swim.v1.Cluster", "Drain");
        Unary.Add<LeaveRequest, LeaveResponse>(binder, "swim.v1.Cluster", "Leave");
        Unary.Add<GetRttRequest, GetRttResponse>(binder, "swim.v1.Cluster", "GetRtt");
        Unary.AddStream<WatchMembersRequest, WatchMembersResponse>(binder, "swim.v1.Cluster", "WatchMembers");
    }

    public abstract Task<GetMembersResponse> GetMembers(GetMembersRequest request, ServerCallContext context);

    public abstract Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context);

    public abstract Task<GetRingResponse> GetRing(GetRingRequest request, ServerCallContext context);

    public abstract Task<DrainResponse> Drain(DrainRequest request, ServerCallContext context);

    public abstract Task<LeaveResponse> Leave(LeaveRequest request, ServerCallContext context);

    public abstract Task<GetRttResponse> GetRtt(GetRttRequest request, ServerCallContext context);

    public abstract System.Threading.Tasks.Task WatchMembers(WatchMembersRequest request, IServerStreamWriter<WatchMembersResponse> stream, ServerCallContext context);
}

/// <summary>swim.v1.Cluster, a cluster of two.</summary>
internal sealed class FakeCluster(FakeAnswers answers) : ClusterMethods
{
    public override async Task<GetMembersResponse> GetMembers(GetMembersRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        var members = new GetMembersResponse { ViewFingerprint = "f00d" };
        members.Members.Add(new Member { NodeId = FakeNode.NodeId, Name = "alpha", State = MemberState.Alive, Host = "127.0.0.1", GrpcPort = answers.GrpcPort, Self = true });
        members.Members.Add(new Member { NodeId = "00000000000000bb", Name = "beta\u001b[31m", State = MemberState.Dead, Host = "::1", GrpcPort = 7410 });
        return members;
    }

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return new GetStatusResponse { NodeId = FakeNode.NodeId, Name = "alpha", Cluster = "swim", Ready = answers.IsReady, Slots = 16, Counters = { ["rejects"] = 3, ["none"] = 0 } };
    }

    public override async Task<GetRingResponse> GetRing(GetRingRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        var ring = new GetRingResponse { Fingerprint = "beef", Buckets = 4096, Replicas = 2, Bucket = request.WorkflowId.Length == 0 ? -1 : 17 };
        ring.Members.Add(new RingMember { NodeId = FakeNode.NodeId, Name = "alpha", Zone = "z1", State = MemberState.Alive, BucketsFirst = 2000, BucketsHeld = 4096, BucketsPlanned = 4096, BucketsBound = 4096, BucketsEvenBound = 2253 });
        ring.Members.Add(new RingMember { NodeId = "00000000000000bb", Name = "beta", State = MemberState.Dead, BucketsFirst = 2096, BucketsHeld = 4096, BucketsBound = 4096, BucketsEvenBound = 4096, Flapping = true });
        ring.OnOtherRings.Add("00000000000000bb");
        if (ring.Bucket < 0) return ring;
        ring.HomeOwners.AddRange(["00000000000000bb", FakeNode.NodeId]);
        ring.ActingOwners.AddRange([FakeNode.NodeId]);
        return ring;
    }

    public override async Task<LeaveResponse> Leave(LeaveRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.Leave(request);
    }

    public override async Task<GetRttResponse> GetRtt(GetRttRequest request, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        return answers.Rtt(request);
    }

    public override async System.Threading.Tasks.Task WatchMembers(WatchMembersRequest request, IServerStreamWriter<WatchMembersResponse> stream, ServerCallContext context)
    {
        await answers.EnterAsync(context);
        foreach (var news in answers.MemberNews) await stream.WriteAsync(news);
        await answers.MemberNewsEnd.WaitAsync(context.CancellationToken);
    }

    public override async Task<DrainResponse> Drain(DrainRequest request, ServerCallContext context)
    {
        answers.Drained++;
        await answers.EnterAsync(context);
        return answers.Drain(request);
    }
}

/// <summary>Describes a method by hand, since the generated servers live in another assembly.</summary>
internal static class Unary
{
    public static void Add<TRequest, TResponse>(ServiceBinderBase binder, string service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        binder.AddMethod(
            new Method<TRequest, TResponse>(MethodType.Unary, service, name, MarshallerOf<TRequest>(), MarshallerOf<TResponse>()),
            (UnaryServerMethod<TRequest, TResponse>)null!);

    public static void AddStream<TRequest, TResponse>(ServiceBinderBase binder, string service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        binder.AddMethod(
            new Method<TRequest, TResponse>(MethodType.ServerStreaming, service, name, MarshallerOf<TRequest>(), MarshallerOf<TResponse>()),
            (ServerStreamingServerMethod<TRequest, TResponse>)null!);

    private static Marshaller<T> MarshallerOf<T>()
        where T : class, IMessage<T>, new() =>
        Marshallers.Create(message => message.ToByteArray(), bytes => new MessageParser<T>(() => new T()).ParseFrom(bytes));
}
