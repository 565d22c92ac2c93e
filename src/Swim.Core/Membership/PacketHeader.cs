using System.Buffers.Binary;

namespace Swim.Core.Membership;

/// <summary>
/// What every packet and push-pull body begins with: magic (2 bytes), version, flags, key id (1 byte each), cluster id (8 bytes, big
/// endian). Flags and key id stay 0 until packets are sealed.
/// </summary>
internal static class PacketHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 13;

    private const ushort Magic = 0x5357;
    private const byte Version = 1;

    public static void Write(Span<byte> header, ulong clusterId)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, Magic);
        header[2] = Version;
        header[3] = 0;
        header[4] = 0;
        BinaryPrimitives.WriteUInt64BigEndian(header[5..], clusterId);
    }

    /// <summary>Null when <paramref name="packet"/> is one of this cluster and of a form this node reads.</summary>
    public static RejectReason? Check(ReadOnlySpan<byte> packet, ulong clusterId, int bytesMax) => packet switch
    {
        { Length: < Length } => RejectReason.TooShort,
        _ when packet.Length > bytesMax => RejectReason.TooLarge,
        _ when BinaryPrimitives.ReadUInt16BigEndian(packet) != Magic => RejectReason.NotOurs,
        _ when packet[2] != Version || packet[3] != 0 || packet[4] != 0 => RejectReason.UnknownFormat,
        _ when BinaryPrimitives.ReadUInt64BigEndian(packet[5..]) != clusterId => RejectReason.ForeignCluster,
        _ => null,
    };
}
