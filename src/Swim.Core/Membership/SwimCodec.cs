using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>Packets: the header, then [kind, from, seq, target, fingerprint, [record…]]. One per core; its buffers are reused.</summary>
internal sealed class SwimCodec(ulong clusterId)
{
    /// <summary>The longest packet: fits into an Ethernet frame with room for the headers of tunnels and a seal.</summary>
    public const int PacketBytesMax = 1400;

    /// <summary>What the records of one packet may take: the rest is the header and the fixed fields at their longest.</summary>
    public const int RumourBytesMax = PacketBytesMax - PacketHeader.Length - FixedBytesMax;

    private const int Fields = 6;
    private const int FixedBytesMax = 1 + 1 + 4 * 9 + 3;

    private readonly ArrayBufferWriter<byte> _buffer = new(PacketBytesMax);

    public byte[] Encode(in SwimMessage message, List<byte[]> rumours)
    {
        _buffer.ResetWrittenCount();
        PacketHeader.Write(_buffer.GetSpan(PacketHeader.Length), clusterId);
        _buffer.Advance(PacketHeader.Length);
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(Fields);
        writer.Write((byte)message.Kind);
        writer.Write(message.From.Value);
        writer.Write(message.Seq);
        writer.Write(message.Target.Value);
        writer.Write(message.Fingerprint);
        writer.WriteArrayHeader(rumours.Count);
        foreach (var rumour in rumours) writer.WriteRaw(rumour);
        writer.Flush();
        Invariant.Holds(_buffer.WrittenCount <= PacketBytesMax, "a packet is never longer than its bound");
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a packet whole before anything of it is used. Null when it was read; <paramref name="rumours"/> then points into it.</summary>
    public RejectReason? Decode(ReadOnlyMemory<byte> packet, out SwimMessage message, List<RecordView> rumours)
    {
        message = default;
        rumours.Clear();
        if (PacketHeader.Check(packet.Span, clusterId, PacketBytesMax) is { } reason) return reason;
        try
        {
            var reader = new MessagePackReader(packet[PacketHeader.Length..]);
            message = ReadFixed(ref reader);
            ReadRecords(ref reader, rumours, int.MaxValue);
            return reader.End ? null : RejectReason.Malformed;
        }
        catch (Exception thrown) when (Malformed.Covers(thrown))
        {
            return RejectReason.Malformed;
        }
    }

    /// <summary>Reads a list of records to the end; memory grows with what is there, not with what is declared.</summary>
    public static void ReadRecords(ref MessagePackReader reader, List<RecordView> records, int countMax)
    {
        var count = reader.ReadArrayHeader();
        Malformed.Unless(count <= countMax, "a list of records is not longer than the table");
        for (; count > 0; count--) records.Add(RecordCodec.Read(ref reader));
    }

    private static SwimMessage ReadFixed(ref MessagePackReader reader)
    {
        Malformed.Unless(reader.ReadArrayHeader() == Fields, "a packet has six fields");
        var kind = (SwimMessageKind)reader.ReadByte();
        Malformed.Unless(kind <= SwimMessageKind.Recusal, "a packet is of a known kind");
        var message = new SwimMessage(
            kind, new NodeId(reader.ReadUInt64()), reader.ReadUInt64(), new NodeId(reader.ReadUInt64()), reader.ReadUInt64());
        Malformed.Unless(message.From != NodeId.None, "a packet names its sender");
        return message;
    }
}
