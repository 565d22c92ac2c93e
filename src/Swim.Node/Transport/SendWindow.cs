namespace Swim.Node.Transport;

/// <summary>How many frames may be under way on a stream before the receiver has taken earlier ones in.</summary>
internal sealed class SendWindow(long frames)
{
    private readonly object _gate = new();
    private TaskCompletionSource _moved = New();
    private long _sent;
    private long _taken;
    private bool _isClosed;

    /// <summary>Waits until <paramref name="count"/> more may be sent, and counts them. Throws <see cref="IOException"/> once closed.</summary>
    public async ValueTask TakeAsync(int count, CancellationToken cancellation)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_isClosed) throw new IOException("The stream has ended.");
                if (_sent - _taken < frames)
                {
                    _sent += count;
                    return;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The receiver has taken in so many since the stream began.</summary>
    public void OnTaken(long taken)
    {
        lock (_gate)
        {
            _taken = Math.Clamp(taken, _taken, _sent);
            Signal();
        }
    }

    /// <summary>Nothing will be taken any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Signal();
        }
    }

    private void Signal()
    {
        _moved.TrySetResult();
        _moved = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
