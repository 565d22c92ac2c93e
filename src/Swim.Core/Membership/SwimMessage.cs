using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>The messages of SWIM section 3.1 and 4.1, nack of Lifeguard section IV.A.</summary>
public enum SwimMessageKind : byte
{
    /// <summary>Are you there? The first rumour is the sender's own record, so that anybody can answer.</summary>
    Ping,

    /// <summary>The target of a ping is there.</summary>
    Ack,

    /// <summary>Ping the target for me. The first rumour is the sender's own record.</summary>
    PingReq,

    /// <summary>I pinged the target for you and have no answer so far.</summary>
    Nack,

    /// <summary>Only rumours.</summary>
    Gossip,

    /// <summary>In place of a nack, and at once: my own health is poor, ask another instead. An ack that comes in time is still passed on.</summary>
    Recusal,
}

/// <summary>What every packet says besides its rumours.</summary>
/// <param name="Kind">Which message it is.</param>
/// <param name="From">The sender.</param>
/// <param name="Seq">Of the probe it belongs to, chosen by who began it; 0 in gossip.</param>
/// <param name="Target">Who is probed; none in gossip.</param>
/// <param name="Fingerprint">Of the sender's member table.</param>
/// <param name="Coordinate">In the ack of the target itself: where it stands, not looked at yet; else empty.</param>
internal readonly record struct SwimMessage(
    SwimMessageKind Kind, NodeId From, ulong Seq, NodeId Target, ulong Fingerprint, ReadOnlyMemory<byte> Coordinate = default);
