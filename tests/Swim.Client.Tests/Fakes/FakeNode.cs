using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Swim.V1;

namespace Swim.Client.Tests.Fakes;

/// <summary>A real gRPC server on a free loopback port whose services answer what a test wants.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    public const string WorkflowId = "0123456789abcdef0123456789abcdef";
    public const string NodeId = "00000000000000aa";

    private readonly WebApplication _app;

    private FakeNode(WebApplication app, FakeAnswers answers) => (_app, Answers) = (app, answers);

    public FakeAnswers Answers { get; }

    public ServerAddress Address => new("127.0.0.1", new Uri(_app.Urls.Single()).Port);

    public static async Task<FakeNode> StartAsync()
    {
        var answers = new FakeAnswers();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(answers);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<FakeWorkflows>();
        app.MapGrpcService<FakeCluster>();
        await app.StartAsync();
        return new FakeNode(app, answers);
    }

    /// <summary>A loopback address at which nothing answers: its port was free a moment ago.</summary>
    public static ServerAddress NobodyAt()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new ServerAddress("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port);
    }

    public static Workflow Finished(WorkflowState state = WorkflowState.Succeeded)
    {
        var workflow = Running();
        workflow.State = state;
        workflow.FinishedUnixMs = workflow.CreatedUnixMs + 132;
        workflow.OutputJson = "\"done\\n\"";
        workflow.Tasks[0].State = TaskState.Succeeded;
        workflow.Tasks[0].FinishedUnixMs = workflow.Tasks[0].StartedUnixMs + 12;
        workflow.Tasks[1].State = TaskState.Failed;
        workflow.Tasks[1].Error = new Error { Code = "TASK_FAILED", Message = "as\nasked" };
        return workflow;
    }

    public static Workflow Running() => new()
    {
        WorkflowId = WorkflowId,
        Name = "hello",
        State = WorkflowState.Running,
        Layers = 2,
        Durable = AckLevel.K,
        CreatedUnixMs = 1_700_000_000_000,
        Tasks =
        {
            new V1.Task { Id = "t1", State = TaskState.Running, Attempt = 1, Executor = NodeId, StartedUnixMs = 1_700_000_000_100 },
            new V1.Task { Id = "t2", State = TaskState.Pending },
        },
    };

    public static WorkflowSummary Summary(string id, string name = "hello", WorkflowState state = WorkflowState.Running) =>
        new() { WorkflowId = id, Name = name, State = state, Tasks = 5, TasksDone = 3, TasksFailed = 1, CreatedUnixMs = 1_700_000_000_000 };

    /// <summary>A refusal as a node sends it.</summary>
    public static RpcException Refusal(StatusCode status, string code, string message, bool retryable = false, long retryAfterMs = 0)
    {
        var error = new Error { Code = code, Message = message, Retryable = retryable, RetryAfterMs = retryAfterMs };
        return new RpcException(new Status(status, message), new Metadata { { "swim-error-bin", error.ToByteArray() } });
    }

    /// <summary>Of this node, after those; pauses are short.</summary>
    public SwimClient Client(params ServerAddress[] before) => new(Options(before));

    /// <summary>Of this node, after those; pauses are short.</summary>
    public SwimClientOptions Options(params ServerAddress[] before) =>
        new() { Servers = [.. before, Address], BackoffMin = TimeSpan.FromMilliseconds(1), BackoffMax = TimeSpan.FromMilliseconds(20) };

    /// <summary>Ends at once and drops its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
