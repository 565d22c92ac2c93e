using FsCheck.Xunit;
using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Clocks;

public sealed class HybridLogicalClockTests
{
    private const long StartMs = 1_700_000_000_000;

    [Fact]
    public void A_stamp_carries_its_milliseconds_and_its_counter()
    {
        var stamp = HlcTimestamp.From(StartMs, 65_535);
        Assert.Equal((StartMs, 65_535), (stamp.PhysicalMs, stamp.Logical));
    }

    [Fact]
    public void A_full_counter_carries_into_the_milliseconds()
    {
        var next = HlcTimestamp.From(StartMs, 65_535).Next();
        Assert.Equal((StartMs + 1, 0), (next.PhysicalMs, next.Logical));
    }

    [Fact]
    public void A_wall_clock_that_steps_back_does_not_take_the_stamps_with_it()
    {
        var clock = new HybridLogicalClock();
        var before = clock.Tick(At(StartMs));
        Assert.True(clock.Tick(At(StartMs - 60_000)) > before);
    }

    [Theory]
    [InlineData(-3_600_000, SkewVerdict.Accept)]
    [InlineData(500, SkewVerdict.Accept)]
    [InlineData(501, SkewVerdict.Hold)]
    [InlineData(10_000, SkewVerdict.Hold)]
    [InlineData(10_001, SkewVerdict.Refuse)]
    public void A_remote_stamp_is_judged_by_how_far_it_is_ahead_only(long aheadMs, SkewVerdict verdict)
    {
        var clock = new HybridLogicalClock();
        Assert.Equal(verdict, clock.Witness(At(StartMs), HlcTimestamp.From(StartMs + aheadMs, 0)));
    }

    [Fact]
    public void A_poisoned_stamp_does_not_move_the_clock()
    {
        var clock = new HybridLogicalClock();
        var before = clock.Tick(At(StartMs));
        clock.Witness(At(StartMs), new HlcTimestamp(ulong.MaxValue));
        clock.Witness(At(StartMs), HlcTimestamp.From(StartMs + 501, 0));
        Assert.Equal(before, clock.Last);
    }

    [Fact]
    public void A_clock_starts_above_the_stamps_in_its_own_log()
    {
        var durable = HlcTimestamp.From(StartMs + 5_000, 7);
        var clock = new HybridLogicalClock();
        clock.Restore(durable);
        Assert.True(clock.Tick(At(StartMs)) > durable);
    }

    /// <summary>HLC (Kulkarni et al. 2014) theorem 1: later on one node, and after what was received, is greater.</summary>
    [Property(MaxTest = 500, QuietOnSuccess = true)]
    public bool Stamps_rise_through_every_mix_of_ticks_and_witnessed_stamps(short[] steps)
    {
        var clock = new HybridLogicalClock();
        var (wall, last) = (StartMs, HlcTimestamp.Zero);
        foreach (var step in steps)
        {
            wall += step % 50;
            var remote = HlcTimestamp.From(wall + step % 600, Math.Abs(step % 7));
            var isWitnessed = step % 2 == 0 && clock.Witness(At(wall), remote) == SkewVerdict.Accept;
            var stamp = clock.Tick(At(wall));
            if (stamp <= last || (isWitnessed && stamp <= remote)) return false;
            last = stamp;
        }

        return true;
    }

    /// <summary>HLC section 3.3: the physical part stays within the bound of the largest wall clock seen.</summary>
    [Property(MaxTest = 500, QuietOnSuccess = true)]
    public bool Stamps_stay_within_the_accepted_skew_of_the_wall_clock(short[] aheads)
    {
        var clock = new HybridLogicalClock();
        foreach (var ahead in aheads)
        {
            clock.Witness(At(StartMs), HlcTimestamp.From(StartMs + ahead, 0));
            if (clock.Tick(At(StartMs)).PhysicalMs > StartMs + HybridLogicalClock.AcceptAheadMs) return false;
        }

        return true;
    }

    private static Now At(long wallMs) => new(0, wallMs);
}
