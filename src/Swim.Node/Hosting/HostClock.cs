using System.Diagnostics;
using Swim.Core.Primitives;

namespace Swim.Node.Hosting;

/// <summary>The time of this machine, read once per input of a core.</summary>
internal static class HostClock
{
    /// <summary>Monotonic ticks of 100 ns and wall milliseconds.</summary>
    public static Now Now => new(
        (long)(Stopwatch.GetTimestamp() * ((double)TimeSpan.TicksPerSecond / Stopwatch.Frequency)),
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
}
