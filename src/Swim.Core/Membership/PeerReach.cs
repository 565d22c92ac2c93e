using Swim.Core.Hosting;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>By which way the answer to a probe came.</summary>
public enum ReachWay : byte
{
    /// <summary>By UDP, from the member itself.</summary>
    Udp,

    /// <summary>By UDP, through a helper.</summary>
    Helper,

    /// <summary>Over gRPC.</summary>
    Stream,
}

/// <summary>How a member answered last.</summary>
/// <param name="Id">The member.</param>
/// <param name="Way">By which way.</param>
/// <param name="Missed">How many answered probes in a row had no direct answer by UDP.</param>
/// <param name="HeardTicks">Monotonic time of the answer.</param>
public sealed record PeerReach(NodeId Id, ReachWay Way, int Missed, long HeardTicks);

/// <summary>
/// Call ping at the gRPC address <paramref name="Address"/> and hand the answer to <see cref="MembershipCore.OnStreamPong"/>. A call that fails needs no word,
/// and one that takes longer than a protocol period may be given up: the probe has its own timer.
/// </summary>
/// <param name="Address">Host and gRPC port, as the member announced them.</param>
/// <param name="Body">The request.</param>
public sealed record SendStreamPing(string Address, ReadOnlyMemory<byte> Body) : Output;

/// <summary>A ping over gRPC was answered: the direct one by UDP had not been. Not for people.</summary>
public sealed record StreamPingAnswered(NodeId Id) : Notice;

/// <summary>A member answers, but not by UDP and directly, several times in a row: UDP is blocked between it and this node, perhaps in one direction only.</summary>
/// <param name="Id">The member.</param>
/// <param name="Name">Its name.</param>
/// <param name="Way">How it answered last.</param>
public sealed record UdpBroken(NodeId Id, string Name, ReachWay Way) : Notice;

/// <summary>A member of which <see cref="UdpBroken"/> was said answered by UDP.</summary>
public sealed record UdpWorks(NodeId Id, string Name) : Notice;
