using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// How long news takes to be everywhere, as this node sees it, and so how long the shortest suspicion must last for a refutation to come round: the
/// accusation goes to the suspect and the refutation comes back. Measured on the pings of others: each tells by its fingerprint whether its sender,
/// whom chance chose, holds what this node holds, and it left before it could learn that from this node, which is not so of an ack. Owned by one loop.
/// </summary>
internal sealed class NewsSpread(SwimOptions options, LossMeter loss)
{
    // The longest of so many is the 99th percentile; fewer than the least say too little.
    private const int SamplesMax = 100;
    private const int SamplesMin = 25;
    private const int LeastPeriods = 2;

    private readonly Queue<TimeSpan> _samples = [];
    private long? _changedTicks;
    private long _measuredTicks;

    /// <summary>The table changed.</summary>
    public void OnChange(Now now) => _changedTicks = now.Ticks;

    /// <summary>
    /// A ping of a live member came and was read. <paramref name="agrees"/>: its sender held the same as this node does. One that does not lacks the latest change after as
    /// long, or is ahead of this node, which lengthens what is measured. Long after a change pings say nothing of how it spread.
    /// </summary>
    public void OnPing(bool agrees, int members, Now now)
    {
        if (_changedTicks is not { } changed || changed == now.Ticks || now.Since(changed) > Horizon(members)) return;
        if (_samples.Count == SamplesMax) _samples.Dequeue();
        _samples.Enqueue(agrees ? TimeSpan.Zero : now.Since(changed));
        _measuredTicks = now.Ticks;
    }

    /// <summary>
    /// The shortest suspicion among <paramref name="members"/> live members: the longest spread lately measured, twice, and a round trip with the suspect.
    /// Never less than <see cref="Least"/>. What the options say where too little was measured lately, or packets get lost.
    /// </summary>
    public TimeSpan SuspicionMin(int members, Now now)
    {
        if (Planted.Is(Mutant.SuspicionWithoutRefutation)) return options.ProbeTimeoutMin;
        var unmeasured = options.SuspicionTimeout(members);
        var isMeasured = options.LearnsTimeouts && _samples.Count >= SamplesMin && now.Since(_measuredTicks) <= options.SpreadKept;
        if (!isMeasured || loss.PerMille > options.LossPerMilleHigh) return unmeasured;
        var (measured, least) = (RoundTrip(_samples.Max()), Least(members));
        return measured < least ? least : measured < unmeasured ? measured : unmeasured;
    }

    /// <summary>
    /// What no measurement goes below: rounds of gossip in each of which the number of those that know doubles, as it does where half of all packets get
    /// lost (with three peers a round it would come to four times as many), and one more round that did not take place. In
    /// a cluster of a few a process that stands still for a moment must come through.
    /// </summary>
    public TimeSpan Least(int members)
    {
        var (least, unmeasured) = (RoundTrip((33 - int.LeadingZeroCount(members)) * options.GossipPeriod), options.SuspicionTimeout(members));
        var hiccup = LeastPeriods * options.ProtocolPeriod;
        return unmeasured < least ? unmeasured : least < hiccup ? hiccup : least;
    }

    private TimeSpan RoundTrip(TimeSpan spread) => 2 * spread + options.ProbeTimeout;

    // What takes longer than this makes no suspicion shorter.
    private TimeSpan Horizon(int members) => (options.SuspicionTimeout(members) - options.ProbeTimeout) / 2;
}
