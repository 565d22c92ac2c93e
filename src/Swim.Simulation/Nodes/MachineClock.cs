using Swim.Core.Primitives;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The clocks of a simulated machine: the time since boot, which may run too fast or too slowly, and the wall clock, which runs with it and may be set.
/// </summary>
internal sealed class MachineClock(TimeSpan skew)
{
    // 2026-01-01 UTC in milliseconds since 1970: the moment at which every run starts.
    private const long StartUnixMs = 1_767_225_600_000;
    private const long Million = 1_000_000;

    private long _driftFromTicks;
    private long _driftedTicks;

    /// <summary>How far the wall clock was set ahead, or back where negative, beside the small skew that every node has.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>By how many millionths the time since boot runs too fast.</summary>
    public long DriftPpm { get; private set; }

    /// <summary>From now on it runs so much too fast.</summary>
    public void Drift(long nowTicks, long ppm)
    {
        _driftedTicks = Drifted(nowTicks);
        (_driftFromTicks, DriftPpm) = (nowTicks, ppm);
    }

    /// <summary>Milliseconds since the machine started.</summary>
    public long BootMs(long nowTicks) => (nowTicks + Drifted(nowTicks)) / Now.TicksPerMs;

    /// <summary>Milliseconds since 1970.</summary>
    public long WallMs(long nowTicks) => StartUnixMs + ((nowTicks + Drifted(nowTicks) + skew.Ticks + Ahead.Ticks) / Now.TicksPerMs);

    /// <summary>What a clock without fault would show.</summary>
    public static long TrueMs(long nowTicks) => StartUnixMs + (nowTicks / Now.TicksPerMs);

    private long Drifted(long nowTicks) => _driftedTicks + ((nowTicks - _driftFromTicks) / Million * DriftPpm);
}
