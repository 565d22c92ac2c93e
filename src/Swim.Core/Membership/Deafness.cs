using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// A node that hears nobody at all, though several others were there: more likely it is deaf than that all of them failed at once. For a while it accuses and
/// buries nobody and says that it is there itself, since it does not hear that it is suspected (SWIM section 4.2 lets a member raise its incarnation at any time).
/// Only for a while: a node that is really alone must come to say so.
/// </summary>
internal sealed class Deafness(Roster roster, SwimOptions options, LoopWatch watch)
{
    private const int SilentPeriods = 2;

    private long? _deafSinceTicks;
    private long _streamTicks;
    private long _saidTicks;

    /// <summary>True while the silence of others is held against this node.</summary>
    public bool IsDeaf(Now now) =>
        !Planted.Is(Mutant.DeafAccuses) && _deafSinceTicks == roster.Traffic.LatestTicks && now.Since(roster.Traffic.LatestTicks) <= options.DeafnessMax;

    /// <summary>A member answered over gRPC: where UDP is blocked, silent helpers prove nothing.</summary>
    public void OnStreamAnswer(Now now) => _streamTicks = now.Ticks;

    /// <summary>A probe ended in silence. When its helpers were all silent too, and everybody else all the while and some periods before, this node is deaf.</summary>
    public void OnSilence(Probe probe, Now now, Outbox outbox)
    {
        var latest = roster.Traffic.LatestTicks;
        var isOnly = latest >= probe.StartedTicks || now.Since(latest) <= SilentPeriods * options.ProtocolPeriod;
        if (!options.DoubtsItself || isOnly || !probe.AreAllNacksMissing || roster.Live.Count < options.DoubtedFailures) return;
        if (_streamTicks > 0 && now.Since(_streamTicks) <= options.DeafnessMax) return;
        if (_deafSinceTicks != latest && now.Since(latest) <= options.DeafnessMax) outbox.Notify(new HearsNobody(now.Since(latest)));
        _deafSinceTicks = latest;
    }

    /// <summary>A period is over. True when the node hears again after so long that it has missed what was said meanwhile.</summary>
    public bool OnPeriod(Now now)
    {
        if (_deafSinceTicks is not { } since) return false;
        if (since != roster.Traffic.LatestTicks) return HearsAgain(roster.Traffic.LatestTicks - since, now);
        if (!IsDeaf(now) || now.Since(_saidTicks) < SilentPeriods * options.ProtocolPeriod) return false;
        _saidTicks = now.Ticks;
        roster.Become(roster.Own.Record with { Incarnation = roster.Own.Record.Incarnation + 1 }, now);
        return false;
    }

    private bool HearsAgain(long ticks, Now now)
    {
        _deafSinceTicks = null;
        if (ticks < 2 * SilentPeriods * options.ProtocolPeriod.Ticks) return false;
        watch.Interrupt(now);
        return true;
    }
}
