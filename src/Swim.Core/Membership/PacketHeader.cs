using System.Buffers.Binary;

namespace Swim.Core.Membership;

/// <summary>
/// What every packet and push-pull body begins with: magic (2 bytes), version, flags, key id (1 byte each), cluster id (8 bytes, big
/// endian). Flags and key id are 0 in plain ones.
/// </summary>
public static class PacketHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 13;

    /// <summary>The longest packet: fits into an Ethernet frame with room for the headers of tunnels.</summary>
    public const int PacketBytesMax = 1400;

    /// <summary>Where the flags stand.</summary>
    public const int FlagsAt = 3;

    /// <summary>Where the id of the sealing key stands.</summary>
    public const int KeyIdAt = 4;

    /// <summary>The flag of what is sealed (<see cref="IPacketSeal"/>).</summary>
    public const byte SealedFlag = 1;

    private const ushort Magic = 0x5357;
    private const byte Version = 1;

    internal static void Write(Span<byte> header, ulong clusterId)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, Magic);
        header[2] = Version;
        header[FlagsAt] = 0;
        header[KeyIdAt] = 0;
        BinaryPrimitives.WriteUInt64BigEndian(header[5..], clusterId);
    }

    /// <summary>Null when <paramref name="packet"/> is one of this cluster and of a form this node reads: only sealed ones, or only plain ones.</summary>
    internal static RejectReason? Check(ReadOnlySpan<byte> packet, ulong clusterId, int bytesMax, bool isSealed = false) => packet switch
    {
        { Length: < Length } => RejectReason.TooShort,
        _ when packet.Length > bytesMax => RejectReason.TooLarge,
        _ when BinaryPrimitives.ReadUInt16BigEndian(packet) != Magic => RejectReason.NotOurs,
        _ when packet[2] != Version || packet[FlagsAt] > SealedFlag || (packet[FlagsAt] == 0 && packet[KeyIdAt] != 0) => RejectReason.UnknownFormat,
        _ when BinaryPrimitives.ReadUInt64BigEndian(packet[5..]) != clusterId => RejectReason.ForeignCluster,
        _ when packet[FlagsAt] == SealedFlag && !isSealed => RejectReason.Sealed,
        _ when packet[FlagsAt] == 0 && isSealed => RejectReason.Plain,
        _ => null,
    };
}
