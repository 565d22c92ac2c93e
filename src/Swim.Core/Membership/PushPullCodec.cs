using System.Buffers;
using MessagePack;
using Swim.Core.Primitives;

namespace Swim.Core.Membership;

/// <summary>One half of a push-pull. Sent to compare fingerprints first; records follow only where they differ.</summary>
/// <param name="From">The sender.</param>
/// <param name="Instance">Random per process: tells an own message that came back from one of another process with the same id.</param>
/// <param name="Round">1: compare, and answer with your records if we differ. 2: here is what you lacked.</param>
/// <param name="Fingerprint">Of the sender's table, after it took in what it was sent.</param>
internal readonly record struct PushPullHead(NodeId From, ulong Instance, byte Round, ulong Fingerprint)
{
    /// <summary>
    /// Called with round 1: the sums of the sender's groups (<see cref="TableGroups"/>), nothing to be told everything. In the answer: which groups
    /// it is about, nothing for all.
    /// </summary>
    public ReadOnlyMemory<byte> Groups { get; init; }
}

/// <summary>Push-pull bodies: the header of packets, then [from, instance, round, fingerprint, [own record, record…], groups].</summary>
internal sealed class PushPullCodec(ulong clusterId, int membersMax)
{
    /// <summary>The longest body: what a gRPC message may hold by default.</summary>
    public const int BodyBytesMax = 4 * 1024 * 1024;

    private const int Fields = 6;

    public byte[] Encode(in PushPullHead head, MemberRecord own, IReadOnlyCollection<MemberRecord> others)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        PacketHeader.Write(buffer.GetSpan(PacketHeader.Length), clusterId);
        buffer.Advance(PacketHeader.Length);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(Fields);
        writer.Write(head.From.Value);
        writer.Write(head.Instance);
        writer.Write(head.Round);
        writer.Write(head.Fingerprint);
        writer.WriteArrayHeader(1 + others.Count);
        writer.WriteRaw(own.Bytes);
        foreach (var record in others) writer.WriteRaw(record.Bytes);
        writer.Write(head.Groups.Span);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a body whole before anything of it is used. Null when it was read; <paramref name="records"/> then points into it.</summary>
    public RejectReason? Decode(ReadOnlyMemory<byte> body, out PushPullHead head, List<RecordView> records)
    {
        head = default;
        records.Clear();
        if (PacketHeader.Check(body.Span, clusterId, BodyBytesMax) is { } reason) return reason;
        try
        {
            var reader = new MessagePackReader(body[PacketHeader.Length..]);
            head = ReadHead(ref reader);
            SwimCodec.ReadRecords(ref reader, records, membersMax + 1);
            head = head with { Groups = ReadGroups(ref reader) };
            var isWhole = reader.End && records.Count > 0 && records[0].Id == head.From;
            return isWhole ? null : RejectReason.Malformed;
        }
        catch (Exception thrown) when (Malformed.Covers(thrown))
        {
            return RejectReason.Malformed;
        }
    }

    private static PushPullHead ReadHead(ref MessagePackReader reader)
    {
        Malformed.Unless(reader.ReadArrayHeader() == Fields, "a push-pull has six fields");
        var head = new PushPullHead(new NodeId(reader.ReadUInt64()), reader.ReadUInt64(), reader.ReadByte(), reader.ReadUInt64());
        Malformed.Unless(head.Round is 1 or 2, "a push-pull has two rounds");
        return head;
    }

    private static ReadOnlyMemory<byte> ReadGroups(ref MessagePackReader reader)
    {
        var groups = reader.ReadBytes();
        Malformed.Unless(groups is { IsSingleSegment: true, Length: <= TableGroups.CountMax * TableGroups.SumBytes }, "groups are a byte string");
        return groups!.Value.First;
    }
}
