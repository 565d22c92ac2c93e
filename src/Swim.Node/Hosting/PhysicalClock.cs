namespace Swim.Node.Hosting;

/// <summary>
/// The physical part of the hybrid logical clock: milliseconds since 1970 that run with the time since boot, suspension included, from the
/// wall clock's value at the start. So they never go back; a step of the wall clock to an earlier time is not followed at all, and one
/// forward by more than <see cref="StepMs"/> only after it has stood for <see cref="HoldMs"/>: a clock set wrong for a moment marks nothing.
/// </summary>
/// <param name="wallMs">The wall clock at the start.</param>
/// <param name="bootMs">The time since boot at the start.</param>
internal sealed class PhysicalClock(long wallMs, long bootMs)
{
    /// <summary>A wall clock further ahead than this has stepped: 500 ms. What is less is slewing and left alone.</summary>
    public const long StepMs = 500;

    /// <summary>A step forward is followed after so long: 10 s.</summary>
    public const long HoldMs = 10_000;

    private readonly Lock _lock = new();
    private long _offsetMs = wallMs - bootMs;
    private long _aheadSinceBootMs = -1;

    /// <summary>The milliseconds for these readings of the two clocks. From any thread; readings may come a little out of order.</summary>
    public long Read(long wallMs, long bootMs)
    {
        lock (_lock)
        {
            var aheadMs = wallMs - (bootMs + _offsetMs);
            if (aheadMs <= StepMs) _aheadSinceBootMs = -1;
            else if (_aheadSinceBootMs < 0) _aheadSinceBootMs = bootMs;
            else if (bootMs - _aheadSinceBootMs >= HoldMs)
            {
                _offsetMs += aheadMs;
                _aheadSinceBootMs = -1;
            }

            return bootMs + _offsetMs;
        }
    }
}
