namespace Grpc.Core;

/// <summary>What all four call types ask of the call behind them, with or without a state that saves a closure.</summary>
internal readonly struct CallHandle
{
    private readonly object? _headers;
    private readonly Delegate _status;
    private readonly Delegate _trailers;
    private readonly Delegate _dispose;
    private readonly object? _state;

    public CallHandle(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose) =>
        (_headers, _status, _trailers, _dispose, _state) = (headers, status, trailers, dispose, null);

    public CallHandle(Func<object, Task<Metadata>> headers, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose, object state) =>
        (_headers, _status, _trailers, _dispose, _state) = (headers, status, trailers, dispose, state);

    public Task<Metadata> Headers() => _headers is Func<object, Task<Metadata>> headers ? headers(_state!) : (Task<Metadata>)_headers!;

    public Status Status() => _status is Func<object, Status> status ? status(_state!) : ((Func<Status>)_status)();

    public Metadata Trailers() => _trailers is Func<object, Metadata> trailers ? trailers(_state!) : ((Func<Metadata>)_trailers)();

    public void Dispose()
    {
        if (_dispose is Action<object> dispose)
            dispose(_state!);
        else
            ((Action)_dispose)();
    }
}
