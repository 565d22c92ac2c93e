using System.Diagnostics;
using System.Runtime.InteropServices;
using Swim.Core.Clocks;
using Swim.Core.Primitives;

namespace Swim.Node.Hosting;

/// <summary>The time of this machine, read once per input of a core.</summary>
internal static partial class HostClock
{
    private const int CLOCK_BOOTTIME = 7;
    private static readonly Lock Gate = new();
    private static readonly PhysicalClock Physical = new(WallMs, BootMs);

    /// <summary>Monotonic ticks of 100 ns, and the milliseconds of <see cref="PhysicalClock"/>.</summary>
    public static Now Now
    {
        get
        {
            var ticks = (long)(Stopwatch.GetTimestamp() * ((double)TimeSpan.TicksPerSecond / Stopwatch.Frequency));
            var (wall, boot) = (WallMs, BootMs);
            lock (Gate) return new Now(ticks, Physical.Read(boot)) { SteppedMs = Physical.SteppedMs(wall, boot) };
        }
    }

    /// <summary>Takes over a step of the wall clock forward.</summary>
    public static void FollowStep()
    {
        var (wall, boot) = (WallMs, BootMs);
        lock (Gate) Physical.Follow(wall, boot);
    }

    /// <summary>Milliseconds since the machine started, those it slept included, which .NET's own clocks leave out.</summary>
    internal static long BootMs => GetTime(CLOCK_BOOTTIME, out var time) == 0
        ? (time.Seconds * 1_000) + (time.Nanoseconds / 1_000_000)
        : throw new InvalidOperationException($"clock_gettime: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    private static long WallMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
