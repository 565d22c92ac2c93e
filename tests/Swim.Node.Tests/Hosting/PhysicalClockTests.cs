using Swim.Node.Hosting;
using Xunit;

namespace Swim.Node.Tests.Hosting;

public sealed class PhysicalClockTests
{
    private const long Start = 1_700_000_000_000;
    private readonly PhysicalClock _clock = new(Start, 5_000);

    [Fact]
    public void It_runs_with_the_time_since_boot_from_the_wall_clock_at_the_start()
    {
        Assert.Equal(Start, _clock.Read(Start, 5_000));
        Assert.Equal(Start + 3_600_000, _clock.Read(Start + 3_600_000, 3_605_000));
    }

    [Fact]
    public void A_wall_clock_set_back_is_never_followed()
    {
        for (var ms = 0; ms <= 60_000; ms += 1_000) Assert.Equal(Start + ms, _clock.Read(Start + ms - 30_000, 5_000 + ms));
    }

    [Fact]
    public void A_step_of_half_a_second_is_none()
    {
        for (var ms = 0; ms <= 60_000; ms += 1_000) Assert.Equal(Start + ms, _clock.Read(Start + ms + PhysicalClock.StepMs, 5_000 + ms));
    }

    [Fact]
    public void A_wall_clock_set_forward_is_followed_once_it_has_stood_for_ten_seconds()
    {
        for (var ms = 0; ms < PhysicalClock.HoldMs; ms += 1_000) Assert.Equal(Start + ms, _clock.Read(Start + ms + 7_000, 5_000 + ms));
        Assert.Equal(Start + PhysicalClock.HoldMs + 7_000, _clock.Read(Start + PhysicalClock.HoldMs + 7_000, 5_000 + PhysicalClock.HoldMs));
    }

    [Fact]
    public void A_wall_clock_that_was_wrong_for_a_moment_leaves_no_trace()
    {
        for (var ms = 0; ms <= 60_000; ms += 1_000)
        {
            var ahead = ms % 8_000 == 0 ? 0 : 86_400_000;
            Assert.Equal(Start + ms, _clock.Read(Start + ms + ahead, 5_000 + ms));
        }
    }

    [Fact]
    public void The_time_since_boot_is_that_of_the_kernel_and_includes_what_the_machine_slept()
    {
        var before = HostClock.BootMs;
        var kernel = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * 1_000;
        Assert.InRange(kernel, before - 10, HostClock.BootMs + 10);
    }
}
