using Swim.Core.Primitives;

namespace Swim.Core.Ring;

/// <summary>
/// When the ring follows the members: not with each that comes or goes, but once no more did for a while, so that many changes within a second are one ring
/// and one hand-over. Who is up, and so who acts, is no part of the ring and waits for nothing. Design: ADR 18.
/// </summary>
/// <param name="quiet">After so long without a further change the ring follows; zero: at once.</param>
/// <param name="longest">After so long since the first change it follows in any case.</param>
public sealed class RingWindow(TimeSpan quiet, TimeSpan longest)
{
    private RingMember[]? _inUse;
    private RingMember[] _wanted = [];
    private long _firstTicks;
    private long _lastTicks;
    private bool _waits;

    /// <summary>How often the ring followed, the first one included.</summary>
    public int Rounds { get; private set; }

    /// <summary>True while the members make another ring than the one in use.</summary>
    public bool Waits => _waits;

    /// <summary>The members that the ring in use has, for the present ones; <paramref name="atOnce"/>: a change waits for nothing.</summary>
    public RingMember[] Follow(Now now, RingMember[] wanted, bool atOnce)
    {
        if (_inUse is not null && wanted.AsSpan().SequenceEqual(_inUse))
        {
            _waits = false;
            return _inUse;
        }

        if (!_waits) _firstTicks = now.Ticks;
        if (!_waits || !wanted.AsSpan().SequenceEqual(_wanted)) _lastTicks = now.Ticks;
        (_wanted, _waits) = (wanted, true);
        return atOnce || _inUse is null || IsDue(now) ? Use(wanted) : _inUse;
    }

    /// <summary>True when a change has waited long enough.</summary>
    public bool IsDue(Now now) => _waits && (now.Since(_lastTicks) >= quiet || now.Since(_firstTicks) >= longest);

    private RingMember[] Use(RingMember[] members)
    {
        _waits = false;
        Rounds++;
        return _inUse = members;
    }
}
