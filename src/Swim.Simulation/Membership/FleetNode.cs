using Swim.Core.Hosting;
using Swim.Core.Membership;

namespace Swim.Simulation.Membership;

/// <summary>One node of a fleet: a membership core and what its machine does to it. A place in the fleet keeps its address through all lives.</summary>
internal sealed class FleetNode(int place)
{
    // What waited is not read in no time: in a gap of a millisecond a blocked member comes to ten messages.
    private static readonly TimeSpan ReadTime = TimeSpan.FromMicroseconds(100);

    private long _waiting;
    private int _hanging;

    /// <summary>Its place; also its address.</summary>
    public int Place { get; } = place;

    /// <summary>The core of the present life; null while the process does not run.</summary>
    public MembershipCore? Core { get; set; }

    /// <summary>Which life this is; events for an earlier one are dropped.</summary>
    public int Life { get; set; }

    /// <summary>Nothing at all happens in the process before this time: it is stopped. What is late goes first then, what waits in the socket is read after it.</summary>
    public long PausedUntil { get; private set; }

    /// <summary>
    /// Its messages, in and out, and its loops that send wait until this time; its suspicions run out. So Lifeguard (2018, section V)
    /// blocks members: who sends or receives hangs, the timers do not.
    /// </summary>
    public long BlockedUntil { get; private set; }

    /// <summary>When its present life began.</summary>
    public long StartedTicks { get; set; }

    /// <summary>What the core asked for in the call at hand.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>True while a process runs.</summary>
    public bool IsUp => Core is not null;

    /// <summary>Stops it until then; 0: no longer.</summary>
    public void Pause(long untilTicks) => (PausedUntil, _waiting) = (untilTicks, 0);

    /// <summary>Blocks it until then; 0: no longer.</summary>
    public void Block(long untilTicks) => (BlockedUntil, _waiting, _hanging) = (untilTicks, 0, 0);

    /// <summary>When it takes in <paramref name="what"/>, which is due now.</summary>
    public long WaitsUntil(in FleetEvent what, long ticks)
    {
        var isTimer = what.Kind == FleetEventKind.Timer;
        var isPaused = PausedUntil > ticks;
        if (!isPaused && (BlockedUntil <= ticks || (isTimer && RunsWhileBlocked((MembershipTimer)what.Timer.Kind)))) return ticks;
        // A probe's time is over before the answers that waited are read.
        var goesOn = Math.Max(PausedUntil, BlockedUntil);
        return isTimer ? goesOn : goesOn + ++_waiting * ReadTime.Ticks;
    }

    // A loop that sends comes to its sending once and hangs in it. The last step of a probe waits: the one before hangs in asking the helpers.
    private bool RunsWhileBlocked(MembershipTimer timer)
    {
        if (timer is MembershipTimer.Suspicion or MembershipTimer.ProbeDirect or MembershipTimer.RelayNack or MembershipTimer.ProbeEnd) return true;
        if (timer == MembershipTimer.ProbeIndirect || (_hanging & (1 << (int)timer)) != 0) return false;
        _hanging |= 1 << (int)timer;
        return true;
    }
}

/// <summary>The addresses of a fleet: "n17" and "n17:7400" stand for place 17.</summary>
internal static class FleetAddress
{
    /// <summary>The gRPC port of every node.</summary>
    public const int GrpcPort = 7400;

    /// <summary>What the node at <paramref name="place"/> says of itself.</summary>
    public static MemberMeta MetaOf(int place) => new($"node-{place}", HostOf(place), GrpcPort, 7401, 7402, $"zone-{place % 3}", 4);

    /// <summary>The host name of a place.</summary>
    public static string HostOf(int place) => $"n{place}";

    /// <summary>The seed address of a place.</summary>
    public static string SeedOf(int place) => $"n{place}:{GrpcPort}";

    /// <summary>The place that an address stands for; -1 when none.</summary>
    public static int PlaceOf(string address)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var digits = colon < 0 ? address.AsSpan(1) : address.AsSpan(1, colon - 1);
        return address[0] == 'n' && int.TryParse(digits, out var place) ? place : -1;
    }
}
