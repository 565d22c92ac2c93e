using Swim.Node.Hosting;
using Xunit;

namespace Swim.Node.Tests.Hosting;

public sealed class HostClockTests
{
    [Fact]
    public void The_time_since_boot_is_that_of_the_kernel_and_includes_what_the_machine_slept()
    {
        var before = HostClock.BootMs;
        var kernel = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * 1_000;
        Assert.InRange(kernel, before - 10, HostClock.BootMs + 10);
    }
}
