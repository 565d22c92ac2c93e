using System.Text;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Swim.Node.Grpc;
using Swim.Node.Http;
using Xunit;

namespace Swim.Node.Tests.Http;

/// <summary>The form of an event stream.</summary>
public sealed class EventStreamTests
{
    private readonly DefaultHttpContext _context = new();
    private readonly Body _body = new();
    private readonly Channel<ServerEvent> _events = Channel.CreateUnbounded<ServerEvent>();

    public EventStreamTests()
    {
        _context.Features.Set<IHttpResponseFeature>(_body);
        _context.Response.Body = _body.Written;
    }

    [Fact]
    public async Task Silence_is_filled_with_comments_from_the_beginning()
    {
        var telling = TellAsync(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Text().Split(": nothing new\n\n").Length < 4) await Task.Delay(5, patience.Token);
        _events.Writer.Complete();
        await telling;
        Assert.StartsWith("retry: 1000\n\n: nothing new\n\n: nothing new\n\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_event_is_a_block_of_its_own()
    {
        _events.Writer.TryWrite(new ServerEvent("delta", "AQID/w==", "{ }"));
        _events.Writer.TryWrite(new ServerEvent("problem", "", "{}"));
        _events.Writer.Complete();
        await TellAsync(Timeout.InfiniteTimeSpan);
        Assert.Equal("retry: 1000\n\nevent: delta\nid: AQID/w==\ndata: { }\n\nevent: problem\ndata: {}\n\n", Text());
    }

    [Fact]
    public async Task A_failure_is_thrown_before_the_first_event_and_told_after_it()
    {
        _events.Writer.Complete(ApiErrors.Busy());
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => TellAsync(Timeout.InfiniteTimeSpan))).StatusCode);
        Assert.Empty(Text());

        _body.HasStarted = true;
        await TellAsync(Timeout.InfiniteTimeSpan);
        Assert.StartsWith("event: problem\ndata: {\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,", Text(), StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", Text(), StringComparison.Ordinal);
    }

    private Task TellAsync(TimeSpan keepAlive) => new EventStream(_context.Response, keepAlive).TellAsync(_events.Reader, CancellationToken.None);

    private string Text()
    {
        lock (_body.Written) return Encoding.UTF8.GetString(_body.Written.ToArray());
    }

    // Starts with its first byte, as a server's response does.
    private sealed class Body : HttpResponseFeature, IHttpResponseFeature
    {
        private bool _isSaidStarted;

        public Body() => Written = new Recorder(this);

        public Recorder Written { get; }

        public new bool HasStarted
        {
            get => _isSaidStarted;
            set => _isSaidStarted = value;
        }

        bool IHttpResponseFeature.HasStarted => _isSaidStarted;
    }

    private sealed class Recorder(Body body) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            body.HasStarted = true;
            lock (this) Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
