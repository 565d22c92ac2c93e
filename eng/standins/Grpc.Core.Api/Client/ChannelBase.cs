namespace Grpc.Core;

/// <summary>A way to one server, over which many calls go at once.</summary>
public abstract class ChannelBase
{
    /// <summary>Names the server.</summary>
    /// <exception cref="ArgumentNullException">No name was given.</exception>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>The server as it was named.</summary>
    public string Target { get; }

    /// <summary>Starts calls over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel for good.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>What closing takes; nothing, unless overridden.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
