using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// How long to await one peer. The base is mean + k standard deviations of its latest round trips (Chen, Toueg, Aguilera 2002 by the
/// one-sided inequality of Chebyshev, which asks for no distribution), within bounds. The penalty is outside of the bounds: it doubles with every mistake
/// about the peer and decays, but never below what its latest answer would have needed, plus one step for each mistake of this life of the peer. So whatever the unknown bound of its
/// delays, mistakes about it end: the detector is eventually perfect (Chandra, Toueg 1996).
/// </summary>
internal sealed class PeerTimeout(SwimOptions options)
{
    private const int SamplesMax = 32;
    private const int SamplesMin = 5;
    private const int MedianTimes = 4;

    private readonly List<long> _samples = [];
    private int _oldest;
    private long _mistakes;
    private TimeSpan _latest;
    private TimeSpan _doubled;
    private long _doubledTicks;

    /// <summary>Without penalty. The option's timeout until enough answers were measured.</summary>
    public TimeSpan Base { get; private set; } = options.ProbeTimeout;

    /// <summary>What mistakes add.</summary>
    public TimeSpan Penalty(Now now)
    {
        var floor = _latest + _mistakes * options.PenaltyStep;
        var decayed = Decayed(now);
        return decayed > floor ? decayed : floor;
    }

    /// <summary>
    /// An answer took this long. One that came too late is measured like any other, and raises the penalty for good towards what it would have
    /// needed, at most to the double at once: a peer that was suspended for an hour must not be awaited for hours after.
    /// </summary>
    public void OnAnswer(TimeSpan took, Now now)
    {
        var penalty = Penalty(now);
        if (took > Base + penalty)
        {
            var needed = Least(Least(took - Base, Doubled(penalty)), options.PenaltyDoubledMax);
            if (needed > _latest) _latest = needed;
        }

        Add(took.Ticks);
    }

    /// <summary>The peer was wrongly suspected.</summary>
    public void OnMistake(Now now)
    {
        Raise(Doubled(Penalty(now)), now);
        _mistakes++;
    }

    private TimeSpan Doubled(TimeSpan penalty) => penalty < options.PenaltyStep ? options.PenaltyStep : 2 * penalty;

    // Doubling alone ends at a bound: twenty mistakes would add days, and a crash must be found. The steps go on without one.
    private void Raise(TimeSpan penalty, Now now)
    {
        var raised = Least(penalty, options.PenaltyDoubledMax);
        if (raised < Decayed(now)) return;
        (_doubled, _doubledTicks) = (raised, now.Ticks);
    }

    private TimeSpan Decayed(Now now)
    {
        var (halvings, rest) = Math.DivRem(now.Since(_doubledTicks).Ticks, options.PenaltyHalfLife.Ticks);
        if (halvings >= 62) return TimeSpan.Zero;
        var halved = _doubled / (1L << (int)halvings);
        return halved - halved * (0.5 * rest / options.PenaltyHalfLife.Ticks);
    }

    private void Add(long ticks)
    {
        if (_samples.Count < SamplesMax) _samples.Add(ticks);
        else (_samples[_oldest], _oldest) = (ticks, (_oldest + 1) % SamplesMax);
        if (_samples.Count >= SamplesMin) Base = Measured();
    }

    private TimeSpan Measured()
    {
        var sorted = _samples.Order().ToList();
        var mean = sorted.Average();
        var deviation = Math.Sqrt(sorted.Sum(sample => (sample - mean) * (sample - mean)) / sorted.Count);
        var least = Math.Max(options.ProbeTimeoutMin.Ticks, MedianTimes * sorted[sorted.Count / 2]);
        var wanted = mean + options.TimeoutDeviations * deviation;
        return new TimeSpan(Math.Max(least, (long)Math.Min(wanted, options.ProtocolPeriod.Ticks / 2)));
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
