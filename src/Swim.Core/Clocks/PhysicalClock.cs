namespace Swim.Core.Clocks;

/// <summary>
/// The physical part of the hybrid logical clock: milliseconds since 1970 that run with the time since boot, suspension included, from the
/// wall clock's value at the start. So they never go back; a step of the wall clock to an earlier time is not followed at all, and one
/// forward by more than <see cref="StepMs"/> only on the word of who asked the other nodes (<see cref="Follow"/>): a clock set wrong marks nothing.
/// Owned by one caller; it holds no clock itself.
/// </summary>
/// <param name="wallMs">The wall clock at the start.</param>
/// <param name="bootMs">The time since boot at the start.</param>
public sealed class PhysicalClock(long wallMs, long bootMs)
{
    /// <summary>A wall clock further ahead than this has stepped: 500 ms. What is less is slewing and left alone.</summary>
    public const long StepMs = 500;

    private long _offsetMs = wallMs - bootMs;

    /// <summary>The milliseconds for this reading of the time since boot.</summary>
    public long Read(long bootMs) => bootMs + _offsetMs;

    /// <summary>How far the wall clock has stepped ahead of them; 0 where it has not stepped.</summary>
    public long SteppedMs(long wallMs, long bootMs) => wallMs - Read(bootMs) is > StepMs and var ahead ? ahead : 0;

    /// <summary>Takes over a step forward; one that is gone by now is not followed, nor is any backward.</summary>
    public void Follow(long wallMs, long bootMs) => _offsetMs += SteppedMs(wallMs, bootMs);
}
