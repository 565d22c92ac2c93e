using Grpc.Core;
using Swim.StandIns.Tests.Rpc.Protocol;

namespace Swim.StandIns.Tests.Rpc;

/// <summary>The server side of smoke.proto.</summary>
internal sealed class SmokeService : Smoke.SmokeBase
{
    private readonly TaskCompletionSource _hangStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hangEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when a <see cref="Hang"/> has begun.</summary>
    public Task HangStarted => _hangStarted.Task;

    /// <summary>Done when the token of a <see cref="Hang"/> was cancelled; nothing else ends one.</summary>
    public Task HangEnded => _hangEnded.Task;

    public override Task<Number> Double(Number request, ServerCallContext context)
    {
        if (request.Value < 0)
            throw new RpcException(
                new Status(StatusCode.InvalidArgument, "negative"),
                new Metadata { { "place", "line 1" }, { "raw-bin", new byte[] { 0, 255 } } });
        context.ResponseTrailers.Add("seen", context.RequestHeaders.GetValue("sent") ?? "nothing");
        return Task.FromResult(new Number { Value = 2 * request.Value });
    }

    public override async Task<Number> Hang(Number request, ServerCallContext context)
    {
        _hangStarted.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return request;
        }
        finally
        {
            _hangEnded.SetResult();
        }
    }

    public override async Task Count(Number request, IServerStreamWriter<Number> responseStream, ServerCallContext context)
    {
        for (var i = 1; i <= request.Value; i++)
            await responseStream.WriteAsync(new Number { Value = i }, context.CancellationToken);
    }

    public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
    {
        long sum = 0;
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken))
            sum += number.Value;
        return new Number { Value = sum };
    }

    public override async Task Echo(IAsyncStreamReader<Text> requestStream, IServerStreamWriter<Text> responseStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "ready", "yes" } });
        await foreach (var text in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(text, context.CancellationToken);
    }
}
