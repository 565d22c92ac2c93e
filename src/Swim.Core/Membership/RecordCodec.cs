using System.Buffers;
using System.Text;
using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>A member record as it lies in a message; its metadata is decoded only if the record is news. Valid as long as the message's buffer.</summary>
internal readonly record struct RecordView(NodeId Id, Standing Standing, ReadOnlyMemory<byte> Meta)
{
    /// <summary>Of a suspect: who found it silent, as far as the rumour names them. They are no part of the member's record, on which all agree.</summary>
    public ReadOnlyMemory<NodeId> Accusers { get; init; }
}

/// <summary>
/// The bytes of a member record: [id, epoch, incarnation, state, metadata], in a rumour of a suspect also [accuser, …] as a sixth field, where the metadata is a byte string holding
/// [name, host, grpcPort, httpPort, udpPort, zone, slots, capabilities, draining, leaving, stateSince, …]; the last four may be missing. A reader skips metadata fields it does not know. The byte string
/// keeps a stranger's nesting out of the reader's stack. Empty in a rumour: what the reader knows of the member at that epoch and incarnation.
/// </summary>
internal static class RecordCodec
{
    /// <summary>As many accusers a rumour may name.</summary>
    public const int AccusersMax = 8;

    private const int RecordFields = 5;
    private const int MetaFieldsMin = 7;
    private const int MetaFieldsToCapabilities = 8;
    private const int MetaFieldsToDraining = 9;
    private const int MetaFieldsToLeaving = 10;
    private const int MetaFields = 11;

    public static byte[] Encode(MemberRecord record) => record.Bytes;

    /// <summary>The bytes of a record; its metadata are the last of them, from <paramref name="metaAt"/> on. <see cref="MemberRecord.Bytes"/> keeps them.</summary>
    public static byte[] Encode(MemberRecord record, out int metaAt)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(RecordFields);
        writer.Write(record.Id.Value);
        writer.Write(record.Epoch);
        writer.Write(record.Incarnation);
        writer.Write((byte)record.State);
        var meta = EncodeMeta(record.Meta);
        writer.Write(meta);
        writer.Flush();
        metaAt = buffer.WrittenCount - meta.Length;
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The bytes of a rumour that names who accuses; those of the record alone where nobody does.</summary>
    public static byte[] Encode(MemberRecord record, ReadOnlySpan<NodeId> accusers) =>
        accusers.IsEmpty ? record.Bytes : Encode(record, accusers, record.MetaBytes);

    /// <summary>
    /// The bytes of a rumour about a member that is known: what it said of itself at that epoch and incarnation is left out, and most of the bytes with it.
    /// </summary>
    public static byte[] EncodeShort(MemberRecord record, ReadOnlySpan<NodeId> accusers) => Encode(record, accusers, []);

    private static byte[] Encode(MemberRecord record, ReadOnlySpan<NodeId> accusers, ReadOnlySpan<byte> meta)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(accusers.IsEmpty ? RecordFields : RecordFields + 1);
        writer.Write(record.Id.Value);
        writer.Write(record.Epoch);
        writer.Write(record.Incarnation);
        writer.Write((byte)record.State);
        writer.Write(meta);
        if (!accusers.IsEmpty) writer.WriteArrayHeader(accusers.Length);
        foreach (var accuser in accusers) writer.Write(accuser.Value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] EncodeMeta(MemberMeta meta)
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        var writer = new MessagePackWriter(buffer);
        // Said only as far as something is so: the bytes of a node that neither drains nor ever began anew are those of the version before.
        var fields = meta.StateSince > 0 ? MetaFields : meta.IsLeaving ? MetaFieldsToLeaving : meta.IsDraining ? MetaFieldsToDraining : MetaFieldsToCapabilities;
        writer.WriteArrayHeader(fields);
        writer.Write(meta.Name);
        writer.Write(meta.Host);
        writer.Write(meta.GrpcPort);
        writer.Write(meta.HttpPort);
        writer.Write(meta.UdpPort);
        writer.Write(meta.Zone);
        writer.Write(meta.Slots);
        writer.Write(meta.Capabilities);
        if (fields >= MetaFieldsToDraining) writer.Write(meta.IsDraining);
        if (fields >= MetaFieldsToLeaving) writer.Write(meta.IsLeaving);
        if (fields >= MetaFields) writer.Write(meta.StateSince);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads one record without its metadata. Throws what <see cref="Malformed.Covers"/> names.</summary>
    public static RecordView Read(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        Malformed.Unless(fields is RecordFields or RecordFields + 1, "a record has five fields or six");
        var id = new NodeId(reader.ReadUInt64());
        var standing = new Standing(reader.ReadUInt64(), reader.ReadUInt64(), (MemberState)reader.ReadByte());
        var meta = reader.ReadBytes();
        Malformed.Unless(id != NodeId.None && standing.State <= MemberState.Left, "a record names a member and a state");
        Malformed.Unless(meta is { IsSingleSegment: true, Length: <= MemberMeta.BytesMax }, "metadata is a short byte string");
        return new RecordView(id, standing, meta!.Value.First) { Accusers = fields > RecordFields ? ReadAccusers(ref reader) : default };
    }

    private static NodeId[] ReadAccusers(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        Malformed.Unless(count <= AccusersMax, "a rumour names a few accusers");
        var accusers = new NodeId[count];
        for (var i = 0; i < count; i++) accusers[i] = new NodeId(reader.ReadUInt64());
        return accusers;
    }

    /// <summary>Decodes metadata; false when it is malformed or out of its bounds.</summary>
    public static bool TryDecodeMeta(ReadOnlyMemory<byte> bytes, out MemberMeta meta)
    {
        meta = null!;
        try
        {
            var reader = new MessagePackReader(bytes);
            meta = ReadMeta(ref reader);
            return reader.End && !meta.Validate().Any();
        }
        catch (Exception thrown) when (Malformed.Covers(thrown))
        {
            return false;
        }
    }

    private static MemberMeta ReadMeta(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        Malformed.Unless(fields >= MetaFieldsMin, "metadata has seven fields or more");
        var meta = new MemberMeta(
            ReadString(ref reader), ReadString(ref reader), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), ReadString(ref reader), reader.ReadInt32());
        if (fields >= MetaFieldsToCapabilities) meta = meta with { Capabilities = ReadString(ref reader) };
        if (fields >= MetaFieldsToDraining) meta = meta with { IsDraining = reader.ReadBoolean() };
        if (fields >= MetaFieldsToLeaving) meta = meta with { IsLeaving = reader.ReadBoolean() };
        if (fields >= MetaFields) meta = meta with { StateSince = reader.ReadUInt64() };
        for (var extra = fields - MetaFields; extra > 0; extra--) reader.Skip();
        return meta;
    }

    private static string ReadString(ref MessagePackReader reader)
    {
        var bytes = reader.ReadStringSequence();
        Malformed.Unless(bytes is { Length: <= MemberMeta.StringBytesMax }, "a string of metadata is short");
        return Encoding.UTF8.GetString(bytes!.Value);
    }
}
