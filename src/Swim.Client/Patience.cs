using System.Diagnostics;

namespace Swim.Client;

/// <summary>
/// How long a follower puts up with servers that do not answer. It begins to count with the first failure after an answer, however long
/// that answer was ago: a workflow in which nothing happens for an hour uses up no patience.
/// </summary>
internal sealed class Patience(SwimClientOptions options)
{
    private readonly Backoff _backoff = new(options.BackoffMin, options.BackoffMax);
    private long _failingSince;
    private int _failures;

    /// <summary>How long the next call may take: what is left, but time enough for one server.</summary>
    public TimeSpan CallTimeout
    {
        get
        {
            var most = Left > options.ServerTimeout ? Left : options.ServerTimeout;
            return most < options.CallTimeout ? most : options.CallTimeout;
        }
    }

    private TimeSpan Left => _failures == 0 ? options.FollowPatience : options.FollowPatience - Stopwatch.GetElapsedTime(_failingSince);

    /// <summary>A server answered.</summary>
    public void Answered() => _failures = 0;

    /// <summary>Counts a failure of what began at <paramref name="began"/>; true when it is worth trying again.</summary>
    public bool Endures(SwimException failure, long began)
    {
        if (!failure.Retryable) return false;
        if (_failures++ == 0) _failingSince = began;
        return Left > TimeSpan.Zero;
    }

    /// <summary>Pauses as the failures in a row ask for.</summary>
    public Task PauseAsync(SwimException failure, CancellationToken cancel)
    {
        var pause = _backoff.After(_failures, failure.RetryAfter);
        var most = Left > TimeSpan.Zero ? Left : TimeSpan.Zero;
        return Task.Delay(pause < most ? pause : most, cancel);
    }
}
