using Swim.Core.Clocks;
using Xunit;

namespace Swim.Core.Tests.Clocks;

public sealed class PhysicalClockTests
{
    private const long Start = 1_700_000_000_000;
    private readonly PhysicalClock _clock = new(Start, 5_000);

    [Fact]
    public void It_runs_with_the_time_since_boot_from_the_wall_clock_at_the_start()
    {
        Assert.Equal(Start, _clock.Read(5_000));
        Assert.Equal(Start + 3_600_000, _clock.Read(3_605_000));
    }

    [Theory]
    [InlineData(-86_400_000, 0)]
    [InlineData(-1, 0)]
    [InlineData(PhysicalClock.StepMs, 0)]
    [InlineData(PhysicalClock.StepMs + 1, PhysicalClock.StepMs + 1)]
    [InlineData(7_000, 7_000)]
    public void Only_what_is_ahead_by_more_than_half_a_second_is_a_step_and_can_be_followed(long ahead, long stepped)
    {
        Assert.Equal(stepped, _clock.SteppedMs(Start + 1_000 + ahead, 6_000));
        Assert.Equal(Start + 1_000, _clock.Read(6_000));
        _clock.Follow(Start + 1_000 + ahead, 6_000);
        Assert.Equal(Start + 1_000 + stepped, _clock.Read(6_000));
        Assert.Equal(0, _clock.SteppedMs(Start + 1_000 + ahead, 6_000));
    }
}
