using Swim.Core.Primitives;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The clocks of one life of a node, made from virtual time: a wall clock that is off by a fixed skew, and a monotonic clock that
/// starts anywhere, as real ones do, so that nothing can compare the ticks of two nodes or two lives unnoticed.
/// </summary>
internal sealed class NodeClock(Timeline timeline, TimeSpan skew, long originTicks)
{
    // 2026-01-01 UTC in milliseconds since 1970: the moment at which every run starts.
    private const long StartUnixMs = 1_767_225_600_000;

    /// <summary>What the clocks show.</summary>
    public Now Now => new(timeline.Ticks + originTicks, StartUnixMs + ((timeline.Ticks + skew.Ticks) / Now.TicksPerMs));

    /// <summary>What a wall clock that is right shows at a virtual time, in milliseconds since 1970.</summary>
    public static long UnixMsOf(long virtualTicks) => StartUnixMs + (virtualTicks / Now.TicksPerMs);

    /// <summary>The virtual time at which the monotonic clock shows <paramref name="ticks"/>.</summary>
    public long ToVirtual(long ticks) => ticks - originTicks;
}
