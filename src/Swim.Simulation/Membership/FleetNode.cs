using Swim.Core.Hosting;
using Swim.Core.Membership;

namespace Swim.Simulation.Membership;

/// <summary>One node of a fleet: a membership core and what its machine does to it. A place in the fleet keeps its address through all lives.</summary>
internal sealed class FleetNode(int place)
{
    /// <summary>Its place; also its address.</summary>
    public int Place { get; } = place;

    /// <summary>The core of the present life; null while the process does not run.</summary>
    public MembershipCore? Core { get; set; }

    /// <summary>Which life this is; events for an earlier one are dropped.</summary>
    public int Life { get; set; }

    /// <summary>Nothing at all happens in the process before this time: it is stopped.</summary>
    public long PausedUntil { get; set; }

    /// <summary>Its messages, in and out, wait until this time; its timers run. Lifeguard (2018) blocks members so.</summary>
    public long BlockedUntil { get; set; }

    /// <summary>When its present life began.</summary>
    public long StartedTicks { get; set; }

    /// <summary>What the core asked for in the call at hand.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>True while a process runs.</summary>
    public bool IsUp => Core is not null;
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
