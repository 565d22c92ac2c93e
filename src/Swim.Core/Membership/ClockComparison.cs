using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Compares monotonic and wall time from input to input. Where one jumps against the other, as after a suspended machine whose monotonic clock stood
/// still, time passed here that this node did not see.
/// </summary>
internal sealed class ClockComparison(TimeSpan tolerance)
{
    private TimeSpan? _apart;

    /// <summary>Call first at every input. Returns by how much wall time jumped ahead (or back: negative) of monotonic time, or zero.</summary>
    public TimeSpan Observe(Now now)
    {
        var apart = new TimeSpan(now.WallMs * Now.TicksPerMs - now.Ticks);
        var jump = apart - (_apart ?? apart);
        _apart = apart;
        return jump.Duration() > tolerance ? jump : TimeSpan.Zero;
    }
}
