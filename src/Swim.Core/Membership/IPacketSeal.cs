namespace Swim.Core.Membership;

/// <summary>
/// Encrypts and authenticates the packets of one node; the host gives one where the cluster has keys. Called by the membership loop
/// only. A packet of the same node is never sealed under the same key and nonce twice, and none is opened twice.
/// </summary>
public interface IPacketSeal
{
    /// <summary>Bytes by which a sealed packet is longer than the plain one; always the same.</summary>
    int OverheadBytes { get; }

    /// <summary>
    /// The sealed form of a plain packet: its header (<see cref="PacketHeader"/>) with flag and key id set, in plain but authenticated, and the
    /// rest encrypted.
    /// </summary>
    byte[] Seal(ReadOnlySpan<byte> packet);

    /// <summary>
    /// Opens a packet whose header was found right. Null when it is from a holder of the key, for this cluster, and was not opened before;
    /// <paramref name="body"/> is then what follows the header, valid until the next call. Never throws for what is in the packet.
    /// </summary>
    RejectReason? Open(ReadOnlySpan<byte> packet, out ReadOnlyMemory<byte> body);
}
