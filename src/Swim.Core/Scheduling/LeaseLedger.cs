using Swim.Core.Primitives;
using Swim.Core.Replication;

namespace Swim.Core.Scheduling;

/// <summary>
/// An executor's account of the leases on which its attempts run, by its monotonic clock: what is not extended in time has to be stopped.
/// Also which leased attempts it gave back unstarted, and so never begins.
/// </summary>
internal sealed class LeaseLedger
{
    /// <summary>Attempts given back that are remembered; what is older has an expired lease.</summary>
    public const int TurnedAwayMax = 4_096;

    // Whatever a planner says: a clock that is far off must not make a lease endless.
    private static readonly TimeSpan LeaseMax = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<AttemptId, long> _untilTicks = [];
    private readonly HashSet<AttemptId> _turnedAway = [];
    private readonly Queue<AttemptId> _turnedAwayOrder = new();

    /// <summary>When the next lease ends; null when there is none.</summary>
    public long? NextTicks => _untilTicks.Count == 0 ? null : _untilTicks.Values.Min();

    /// <summary>An attempt begins under a lease.</summary>
    public void Begin(Now now, AttemptId attempt, long untilUnixMs) => _untilTicks[attempt] = TicksOf(now, untilUnixMs);

    /// <summary>Leases were won anew; those of attempts that do not run, or were stopped, are ignored.</summary>
    public void Extend(Now now, LeaseExtended extended)
    {
        var until = TicksOf(now, extended.UntilUnixMs);
        foreach (var attempt in extended.Attempts)
        {
            if (_untilTicks.TryGetValue(attempt, out var before) && before > now.Ticks && until > before) _untilTicks[attempt] = until;
        }
    }

    /// <summary>The attempt has ended.</summary>
    public void Remove(AttemptId attempt) => _untilTicks.Remove(attempt);

    /// <summary>Takes out the attempts whose lease is over: they have to be stopped.</summary>
    public List<AttemptId> TakeExpired(Now now)
    {
        var expired = _untilTicks.Where(lease => lease.Value <= now.Ticks).Select(static lease => lease.Key).ToList();
        foreach (var attempt in expired) _untilTicks.Remove(attempt);
        return expired;
    }

    /// <summary>The attempt goes back unstarted.</summary>
    public void TurnAway(AttemptId attempt)
    {
        if (!_turnedAway.Add(attempt)) return;
        _turnedAwayOrder.Enqueue(attempt);
        if (_turnedAwayOrder.Count > TurnedAwayMax) _turnedAway.Remove(_turnedAwayOrder.Dequeue());
    }

    /// <summary>True when the attempt went back unstarted.</summary>
    public bool IsTurnedAway(AttemptId attempt) => _turnedAway.Contains(attempt);

    private static long TicksOf(Now now, long untilUnixMs)
    {
        var left = TimeSpan.FromMilliseconds(Math.Min(untilUnixMs - now.WallMs, (long)LeaseMax.TotalMilliseconds));
        return now.After(left);
    }
}
