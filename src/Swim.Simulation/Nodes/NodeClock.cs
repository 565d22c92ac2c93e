using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Simulation.Time;

namespace Swim.Simulation.Nodes;

/// <summary>
/// The clocks of one life of a node, made from those of its machine: the physical clock that the real node has, over a wall clock that may be set, and
/// a monotonic clock that starts anywhere, as real ones do, so that nothing can compare the ticks of two nodes or two lives unnoticed.
/// </summary>
internal sealed class NodeClock(Timeline timeline, MachineClock machine, long originTicks)
{
    private readonly PhysicalClock _physical = new(machine.WallMs(timeline.Ticks), machine.BootMs(timeline.Ticks));

    /// <summary>What the clocks show.</summary>
    public Now Now
    {
        get
        {
            var (wall, boot) = (machine.WallMs(timeline.Ticks), machine.BootMs(timeline.Ticks));
            return new Now(timeline.Ticks + originTicks, _physical.Read(boot)) { SteppedMs = _physical.SteppedMs(wall, boot) };
        }
    }

    /// <summary>Follows a step of the wall clock forward.</summary>
    public void FollowStep() => _physical.Follow(machine.WallMs(timeline.Ticks), machine.BootMs(timeline.Ticks));

    /// <summary>The virtual time at which the monotonic clock shows <paramref name="ticks"/>.</summary>
    public long ToVirtual(long ticks) => ticks - originTicks;
}
