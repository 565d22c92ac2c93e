using Grpc.Core;
using Grpc.Core.Interceptors;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

public sealed class InterceptorTests
{
    private static readonly Method<string, string> Method =
        new(MethodType.Unary, "s", "m", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    [Fact]
    public void Interceptors_run_in_the_order_given()
    {
        var log = new List<string>();
        var invoker = new Answering(log).Intercept(new Logging(log, "first"), new Logging(log, "second"));

        var answer = invoker.BlockingUnaryCall(Method, null, default, "question");

        Assert.Equal(["first", "second", "question"], log);
        Assert.Equal("answer", answer);
    }

    [Fact]
    public void One_put_on_later_runs_earlier()
    {
        var log = new List<string>();
        var invoker = new Answering(log).Intercept(new Logging(log, "inner")).Intercept(new Logging(log, "outer"));

        invoker.BlockingUnaryCall(Method, null, default, "question");

        Assert.Equal(["outer", "inner", "question"], log);
    }

    [Fact]
    public void A_function_changes_the_headers_of_each_call()
    {
        var answering = new Answering([]);
        var invoker = answering.Intercept(headers =>
        {
            headers.Add("added", "yes");
            return headers;
        });

        invoker.BlockingUnaryCall(Method, null, default, "question");
        Assert.Equal("yes", answering.Headers!.GetValue("added"));

        invoker.BlockingUnaryCall(Method, null, new CallOptions(new Metadata { { "own", "too" } }), "question");
        Assert.Equal("too", answering.Headers!.GetValue("own"));
        Assert.Equal("yes", answering.Headers.GetValue("added"));
    }

    [Fact]
    public async Task A_server_interceptor_passes_on_what_it_does_not_override()
    {
        var response = await new Logging([], "server").UnaryServerHandler<string, string>("question", null!, (request, _) => Task.FromResult(request + "!"));

        Assert.Equal("question!", response);
    }

    [Fact]
    public void A_missing_interceptor_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Answering([]).Intercept((Interceptor)null!));
        Assert.Throws<ArgumentNullException>(() => ((CallInvoker)null!).Intercept(new Logging([], "x")));
    }

    private sealed class Logging(List<string> log, string name) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            log.Add(name);
            return base.BlockingUnaryCall(request, context, continuation);
        }
    }

    private sealed class Answering(List<string> log) : CallInvoker
    {
        public Metadata? Headers { get; private set; }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            log.Add((string)(object)request);
            Headers = options.Headers;
            return (TResponse)(object)"answer";
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();
    }
}
