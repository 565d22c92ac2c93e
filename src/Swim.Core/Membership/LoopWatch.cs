using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Notices that the own loop stood still, as after a suspended process or a long collection: then answers may lie unread, and no
/// silence may be held against others. The protocol period's timer is always pending, so being past its due time says so at any input.
/// </summary>
internal sealed class LoopWatch(TimeSpan tolerance)
{
    private long? _expected;
    private long? _lateAt;

    /// <summary>The next period timer is due at <paramref name="dueTicks"/>.</summary>
    public void Expect(long dueTicks) => _expected = dueTicks;

    /// <summary>Call first at every input. Returns by how much the loop is late when this input is the first to show it, else zero.</summary>
    public TimeSpan Observe(Now now)
    {
        if (_expected is not { } expected || now.Since(expected) <= tolerance) return TimeSpan.Zero;
        var isNew = _lateAt is not { } lateAt || lateAt < expected;
        _lateAt = now.Ticks;
        return isNew ? now.Since(expected) : TimeSpan.Zero;
    }

    /// <summary>Something else shows that time passed unseen until now.</summary>
    public void Interrupt(Now now) => _lateAt = now.Ticks;

    /// <summary>True when the loop stood still at some time since <paramref name="ticks"/>: what was seen since then proves nothing.</summary>
    public bool WasInterruptedSince(long ticks) => _lateAt > ticks;
}
