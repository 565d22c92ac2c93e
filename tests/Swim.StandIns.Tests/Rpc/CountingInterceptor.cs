using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Swim.StandIns.Tests.Rpc;

/// <summary>Counts the unary calls that pass a server.</summary>
internal sealed class CountingInterceptor : Interceptor
{
    private int _unaryCalls;

    public int UnaryCalls => Volatile.Read(ref _unaryCalls);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Interlocked.Increment(ref _unaryCalls);
        return continuation(request, context);
    }
}
