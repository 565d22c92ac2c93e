using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>
/// The times of majority leases. A voter counts a whole lease from when it was asked, on its monotonic clock. The executor counts from the
/// planner's stamp, which is older than every such vote, and stops earlier by what clocks may differ: so it has stopped before any of
/// most voters can let another in. Leases (Gray, Cheriton 1989), section 5 on clocks.
/// </summary>
internal static class MajorityTiming
{
    /// <summary>How far two clocks of a cluster may differ: 500 ms, the bound that stamps are held to.</summary>
    public const long SkewMs = HybridLogicalClock.AcceptAheadMs;

    /// <summary>How long an executor may take to carry out its stop: 100 ms.</summary>
    public const long StopMs = 100;

    /// <summary>No remaining time that is told is longer: an hour.</summary>
    public const long RemainingMsMax = 3_600_000;

    /// <summary>An answer that has not come after so long will not be waited for: 1 s.</summary>
    public static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A claim that was refused is asked for again after so long at most: 1 s.</summary>
    public static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(1);

    /// <summary>A lease is renewed only while its executor was heard of within so long: 3 s, three heartbeats.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(3);

    /// <summary>The wall time at which an executor has to stop an attempt whose last won round has that stamp.</summary>
    public static long UntilMs(ulong round, TimeSpan lease) =>
        new HlcTimestamp(round).PhysicalMs + (long)lease.TotalMilliseconds - StopMs - (Planted.Is(Mutant.LeaseWithoutAllowance) ? 0 : SkewMs);
}
