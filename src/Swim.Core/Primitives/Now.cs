namespace Swim.Core.Primitives;

/// <summary>
/// The time of one input, read by the host once and passed in: a core holds no clock.
/// </summary>
/// <param name="Ticks">Monotonic time in units of 100 ns since an arbitrary start of the host; never goes back. Timers and timeouts use only this.</param>
/// <param name="WallMs">Wall-clock milliseconds since 1970-01-01 UTC; may jump. Only the hybrid logical clock and shown dates use it.</param>
public readonly record struct Now(long Ticks, long WallMs)
{
    /// <summary>How far the machine's wall clock has stepped ahead of <see cref="WallMs"/>, which does not follow by itself; 0 where it has not.</summary>
    public long SteppedMs { get; init; }

    /// <summary>Ticks of 100 ns in a millisecond.</summary>
    public const long TicksPerMs = TimeSpan.TicksPerMillisecond;

    /// <summary>The monotonic time that lies <paramref name="delay"/> ahead.</summary>
    public long After(TimeSpan delay) => Ticks + delay.Ticks;

    /// <summary>Monotonic time gone by since <paramref name="ticks"/>.</summary>
    public TimeSpan Since(long ticks) => new(Ticks - ticks);
}
