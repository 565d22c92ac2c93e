using Grpc.Core;
using Grpc.Core.Interceptors;
using Swim.StandIns.Tests.Rpc.Protocol;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

/// <summary>The real server and the real client over loopback HTTP/2, on whichever contract assemblies were restored.</summary>
public sealed class SmokeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SmokeServer _server = null!;

    public async Task InitializeAsync() => _server = await SmokeServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_unary_call_carries_its_message_headers_and_trailers()
    {
        using var call = _server.Client.DoubleAsync(new Number { Value = 21 }, new Metadata { { "Sent", "hello" } });

        Assert.Equal(42, (await call).Value);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("hello", call.GetTrailers().GetValue("seen"));
        Assert.Equal(1, _server.Interceptor.UnaryCalls);
    }

    [Fact]
    public void A_blocking_call_answers() => Assert.Equal(8, _server.Client.Double(new Number { Value = 4 }).Value);

    [Fact]
    public async Task An_error_carries_its_code_detail_and_trailers()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _server.Client.DoubleAsync(new Number { Value = -1 }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("negative", error.Status.Detail);
        Assert.Equal("line 1", error.Trailers.GetValue("place"));
        Assert.Equal([0, 255], error.Trailers.GetValueBytes("raw-bin"));
    }

    [Fact]
    public async Task A_server_stream_is_read_to_its_end_in_order()
    {
        using var call = _server.Client.Count(new Number { Value = 1_000 });
        var read = new List<long>();

        await foreach (var number in call.ResponseStream.ReadAllAsync())
            read.Add(number.Value);

        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => (long)i), read);
    }

    [Fact]
    public async Task A_client_stream_is_added_up()
    {
        using var call = _server.Client.Sum();

        for (var i = 1; i <= 100; i++)
            await call.RequestStream.WriteAsync(new Number { Value = i });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(5_050, (await call).Value);
    }

    [Fact]
    public async Task A_duplex_stream_answers_each_message_before_the_next()
    {
        using var call = _server.Client.Echo();

        Assert.Equal("yes", (await call.ResponseHeadersAsync).GetValue("ready"));
        foreach (var text in new[] { "a", "b", new string('c', 100_000) })
        {
            await call.RequestStream.WriteAsync(new Text { Value = text });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(text, call.ResponseStream.Current.Value);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await _server.Client.DoubleAsync(new Number());   // connected: the deadline is for the call alone
        using var call = _server.Client.HangAsync(new Number(), deadline: DateTime.UtcNow.AddSeconds(1));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await _server.Service.HangEnded.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_cancellation_reaches_the_server()
    {
        using var source = new CancellationTokenSource();
        using var call = _server.Client.HangAsync(new Number(), cancellationToken: source.Token);
        await _server.Service.HangStarted.WaitAsync(Patience);

        await source.CancelAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await _server.Service.HangEnded.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_interceptor_adds_a_header()
    {
        var invoker = _server.Channel.Intercept(headers =>
        {
            headers.Add("sent", "on the way");
            return headers;
        });
        using var call = new Smoke.SmokeClient(invoker).DoubleAsync(new Number { Value = 1 });

        await call;

        Assert.Equal("on the way", call.GetTrailers().GetValue("seen"));
    }

    [Fact]
    public async Task A_call_that_nobody_serves_is_unimplemented()
    {
        var method = new Method<string, string>(MethodType.Unary, "swim.smoke.Smoke", "Absent", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        using var call = _server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "x");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public void A_test_double_of_a_client_has_no_server() =>
        Assert.Throws<NotImplementedException>(() => new Unconnected().Double(new Number()));

    private sealed class Unconnected : Smoke.SmokeClient;
}
