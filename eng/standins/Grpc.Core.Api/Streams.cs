namespace Grpc.Core;

/// <summary>The messages of the other side, one at a time. One read at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message of the last <see cref="MoveNext"/> that gave true.</summary>
    T Current { get; }

    /// <summary>Waits for the next message; false once the stream has ended.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>Sends messages to the other side. One write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options of the writes from now on; null for the call's own.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends a message; done when it is handed to the transport.</summary>
    Task WriteAsync(T message);

    /// <summary>Sends a message with a way to stop waiting. A writer that cannot be stopped refuses a token that can be cancelled.</summary>
    /// <exception cref="NotSupportedException">This writer cannot be stopped.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException("This writer cannot be cancelled.")
        : WriteAsync(message);
}

/// <summary>The client's end of a stream to the server.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Tells the server that no message follows.</summary>
    Task CompleteAsync();
}

/// <summary>The server's end of a stream to the client; it ends when the handler does.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;

/// <summary>Reads without a token.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Waits for the next message; false once the stream has ended.</summary>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }
}
