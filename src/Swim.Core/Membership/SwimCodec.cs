using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>
/// Packets: the header, then [kind, from, seq, target, fingerprint, [record…]], in acks the sender's coordinate after that, sealed where the host gave a seal. One per core; its buffers
/// are reused.
/// </summary>
internal sealed class SwimCodec(ulong clusterId, IPacketSeal? seal = null)
{
    /// <summary>The longest packet, sealed or not.</summary>
    public const int PacketBytesMax = PacketHeader.PacketBytesMax;

    /// <summary>What a coordinate takes of a packet beside its records.</summary>
    public const int CoordinateFieldBytes = 2 + Coordinate.EncodedBytes;

    private const int Fields = 6;
    private const int FixedBytesMax = 1 + 1 + 4 * 9 + 3;
    // Room for a later form: this node drops one, and takes the ack.
    private const int CoordinateBytesMax = 64;

    private readonly ArrayBufferWriter<byte> _buffer = new(PacketBytesMax);
    private readonly int _plainBytesMax = PacketBytesMax - (seal?.OverheadBytes ?? 0);

    /// <summary>What the records of one packet may take: the rest is the header, the fixed fields at their longest and the seal.</summary>
    public int RumourBytesMax => _plainBytesMax - PacketHeader.Length - FixedBytesMax;

    public byte[] Encode(in SwimMessage message, List<byte[]> rumours)
    {
        _buffer.ResetWrittenCount();
        PacketHeader.Write(_buffer.GetSpan(PacketHeader.Length), clusterId);
        _buffer.Advance(PacketHeader.Length);
        var writer = new MessagePackWriter(_buffer);
        writer.WriteArrayHeader(message.Coordinate.IsEmpty ? Fields : Fields + 1);
        writer.Write((byte)message.Kind);
        writer.Write(message.From.Value);
        writer.Write(message.Seq);
        writer.Write(message.Target.Value);
        writer.Write(message.Fingerprint);
        writer.WriteArrayHeader(rumours.Count);
        foreach (var rumour in rumours) writer.WriteRaw(rumour);
        if (!message.Coordinate.IsEmpty) writer.Write(message.Coordinate.Span);
        writer.Flush();
        Invariant.Holds(_buffer.WrittenCount <= _plainBytesMax, "a packet is never longer than its bound");
        return seal is null ? _buffer.WrittenSpan.ToArray() : seal.Seal(_buffer.WrittenSpan);
    }

    /// <summary>Reads a packet whole before anything of it is used. Null when it was read; <paramref name="rumours"/> then points into it.</summary>
    public RejectReason? Decode(ReadOnlyMemory<byte> packet, out SwimMessage message, List<RecordView> rumours)
    {
        message = default;
        rumours.Clear();
        if (PacketHeader.Check(packet.Span, clusterId, PacketBytesMax, seal is not null) is { } reason) return reason;
        ReadOnlyMemory<byte> body;
        if (seal is null) body = packet[PacketHeader.Length..];
        else if (seal.Open(packet.Span, out body) is { } refusal) return refusal;
        return Read(body, out message, rumours);
    }

    private static RejectReason? Read(ReadOnlyMemory<byte> body, out SwimMessage message, List<RecordView> rumours)
    {
        message = default;
        try
        {
            var reader = new MessagePackReader(body);
            message = ReadFixed(ref reader, out var hasCoordinate);
            ReadRecords(ref reader, rumours, int.MaxValue);
            if (hasCoordinate) message = message with { Coordinate = ReadCoordinate(ref reader) };
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

    private static ReadOnlyMemory<byte> ReadCoordinate(ref MessagePackReader reader)
    {
        var bytes = reader.ReadBytes();
        Malformed.Unless(bytes is { Length: > 0 and <= CoordinateBytesMax }, "a coordinate is short");
        return bytes.Value.First;
    }

    private static SwimMessage ReadFixed(ref MessagePackReader reader, out bool hasCoordinate)
    {
        var fields = reader.ReadArrayHeader();
        Malformed.Unless(fields is Fields or Fields + 1, "a packet has six fields, or seven with a coordinate");
        hasCoordinate = fields > Fields;
        var kind = (SwimMessageKind)reader.ReadByte();
        Malformed.Unless(kind <= SwimMessageKind.Recusal, "a packet is of a known kind");
        var message = new SwimMessage(
            kind, new NodeId(reader.ReadUInt64()), reader.ReadUInt64(), new NodeId(reader.ReadUInt64()), reader.ReadUInt64());
        Malformed.Unless(message.From != NodeId.None, "a packet names its sender");
        return message;
    }
}
