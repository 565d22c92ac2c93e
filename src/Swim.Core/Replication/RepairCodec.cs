using System.Buffers;
using System.Buffers.Binary;
using MessagePack;
using Swim.Core.Crdt;
using Swim.Core.Replication.Riblt;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>The fields of the messages of repair, after their type. Reading throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
internal static class RepairCodec
{
    private const int KeyFields = 6;

    public static void Write(ref MessagePackWriter writer, RepairOpen open)
    {
        writer.Write(open.Exchange);
        writer.Write(open.Root);
        var fields = FieldsOf(open);
        if (fields > 2 && open.Asked is null) writer.WriteNil();
        else if (fields > 2) writer.Write(open.Asked!.Bytes);
        if (open.Groups is null) return;
        writer.WriteArrayHeader(open.Groups.Count);
        foreach (var group in open.Groups) writer.Write(group);
    }

    /// <summary>Number and root, what is asked for, groups.</summary>
    public static int FieldsOf(RepairOpen open) => open.Groups is not null ? 4 : open.Asked is not null ? 3 : 2;

    public static RepairOpen ReadOpen(ref MessagePackReader reader, int fields)
    {
        var open = new RepairOpen(reader.ReadInt64(), reader.ReadUInt64());
        if (fields == 3 || (fields == 4 && !reader.TryReadNil()))
        {
            Expect(Ring.BucketSet.TryRead(ReadBytes(ref reader, Ring.BucketSet.Size), out var asked));
            open = open with { Asked = asked };
        }

        return fields == 4 ? open with { Groups = ReadGroupNumbers(ref reader) } : open;
    }

    public static void Write(ref MessagePackWriter writer, RepairGroups groups)
    {
        writer.Write(groups.Exchange);
        WriteDigests(ref writer, groups.Digests);
        writer.Write(groups.Ring);
        writer.Write(groups.WallMs);
        if (groups.Newest != 0) writer.Write(groups.Newest);
    }

    public static RepairGroups ReadGroups(ref MessagePackReader reader)
    {
        var groups = new RepairGroups(reader.ReadInt64(), ReadDigests(ref reader), reader.ReadUInt64(), reader.ReadInt64());
        Expect(groups.Digests.Count == BucketGroups.Count);
        return groups;
    }

    public static void Write(ref MessagePackWriter writer, WritersRetired retired)
    {
        writer.Write(retired.Bucket);
        WriteDigests(ref writer, retired.Writers);
        WriteDigests(ref writer, retired.Nexts);
    }

    public static WritersRetired ReadRetired(ref MessagePackReader reader)
    {
        var retired = new WritersRetired(PeerCodec.ReadBucket(ref reader), ReadDigests(ref reader), ReadDigests(ref reader));
        Expect(retired.Writers.Count == retired.Nexts.Count && retired.Writers.Count <= WritersRetired.CountMax);
        return retired;
    }

    public static void Write(ref MessagePackWriter writer, HandoffAnswer answer)
    {
        writer.Write(answer.Request);
        writer.Write(answer.Bucket);
        writer.Write(answer.IsHome);
        WriteDigest(ref writer, answer.Digest);
        answer.Context.Write(ref writer);
    }

    public static HandoffAnswer ReadHandoff(ref MessagePackReader reader) => new(
        reader.ReadInt64(), PeerCodec.ReadBucket(ref reader), reader.ReadBoolean(), ReadDigest(ref reader), DotContext.Read(ref reader));

    public static void Write(ref MessagePackWriter writer, RepairAsk ask)
    {
        writer.Write(ask.Request);
        writer.Write(ask.Bucket);
        ask.Context.Write(ref writer);
        WriteKey(ref writer, ask.After);
        WriteDigests(ref writer, ask.Wants);
    }

    public static RepairAsk ReadAsk(ref MessagePackReader reader) => new(
        reader.ReadInt64(), PeerCodec.ReadBucket(ref reader), DotContext.Read(ref reader), ReadKey(ref reader), ReadDigests(ref reader));

    public static void Write(ref MessagePackWriter writer, RepairCells cells)
    {
        writer.Write(cells.Request);
        DeltaFrameCodec.Write(ref writer, cells.Frame);
        WriteDigest(ref writer, cells.Digest);
        writer.Write(cells.Last);
        if (cells.Since is null) writer.WriteNil();
        else cells.Since.Write(ref writer);
    }

    public static RepairCells ReadCells(ref MessagePackReader reader)
    {
        var request = reader.ReadInt64();
        return new RepairCells(request, DeltaFrameCodec.Read(ref reader), ReadDigest(ref reader), reader.ReadBoolean())
        {
            Since = reader.TryReadNil() ? null : DotContext.Read(ref reader),
        };
    }

    public static void Write(ref MessagePackWriter writer, RepairSketchAsk ask)
    {
        writer.Write(ask.Request);
        writer.Write(ask.Bucket);
        writer.Write(ask.Snapshot);
        writer.Write(ask.From);
        writer.Write(ask.Count);
    }

    public static RepairSketchAsk ReadSketchAsk(ref MessagePackReader reader)
    {
        var ask = new RepairSketchAsk(reader.ReadInt64(), PeerCodec.ReadBucket(ref reader), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32());
        Expect(ask is { From: >= 0 and <= RepairSymbols.CountMax, Count: > 0 and <= RepairSymbols.CountMax });
        Expect(ask.From + ask.Count <= RepairSymbols.CountMax);
        return ask;
    }

    public static void Write(ref MessagePackWriter writer, RepairSymbols symbols)
    {
        writer.Write(symbols.Request);
        writer.Write(symbols.Bucket);
        writer.Write(symbols.Snapshot);
        writer.Write(symbols.From);
        writer.Write(SymbolCodec.Write(symbols.Symbols));
    }

    public static RepairSymbols ReadSymbols(ref MessagePackReader reader)
    {
        var (request, bucket, snapshot, from) = (reader.ReadInt64(), PeerCodec.ReadBucket(ref reader), reader.ReadInt64(), reader.ReadInt32());
        Expect(from is >= 0 and <= RepairSymbols.CountMax);
        var bytes = ReadBytes(ref reader, RepairSymbols.CountMax * SymbolCodec.SymbolBytesMax);
        Expect(SymbolCodec.TryRead(bytes, RepairSymbols.CountMax - from, out var symbols));
        return new RepairSymbols(request, bucket, snapshot, from, symbols);
    }

    private static void WriteDigest(ref MessagePackWriter writer, UInt128 digest)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        writer.Write(bytes);
    }

    private static UInt128 ReadDigest(ref MessagePackReader reader)
    {
        var digest = ReadBytes(ref reader, 16);
        Expect(digest.Length == 16);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private static List<int> ReadGroupNumbers(ref MessagePackReader reader)
    {
        var groups = new List<int>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var group = reader.ReadInt32();
            Expect(group is >= 0 and < BucketGroups.Count && (groups.Count == 0 || group > groups[^1]));
            groups.Add(group);
        }

        return groups;
    }

    private static void WriteKey(ref MessagePackWriter writer, CellKey? key)
    {
        if (key is not { } its)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(KeyFields);
        writer.Write(its.Workflow.Place);
        writer.Write(its.Workflow.Content);
        writer.Write((byte)its.Kind);
        writer.Write(its.Subkey.A);
        writer.Write(its.Subkey.B);
        writer.Write(its.Subkey.C);
    }

    private static CellKey? ReadKey(ref MessagePackReader reader)
    {
        if (reader.TryReadNil()) return null;
        Expect(reader.ReadArrayHeader() == KeyFields);
        var workflow = new WorkflowId(reader.ReadUInt64(), reader.ReadUInt64());
        return new CellKey(workflow, (CellKind)reader.ReadByte(), new Subkey(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64()));
    }

    private static void WriteDigests(ref MessagePackWriter writer, IReadOnlyList<ulong> digests)
    {
        var bytes = new byte[digests.Count * 8];
        for (var i = 0; i < digests.Count; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), digests[i]);
        writer.Write(bytes);
    }

    private static ulong[] ReadDigests(ref MessagePackReader reader)
    {
        var bytes = ReadBytes(ref reader, RepairAsk.WantsMax * 8);
        Expect(bytes.Length % 8 == 0);
        var digests = new ulong[bytes.Length / 8];
        for (var i = 0; i < digests.Length; i++) digests[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * 8));
        return digests;
    }

    private static byte[] ReadBytes(ref MessagePackReader reader, int max)
    {
        var bytes = reader.ReadBytes();
        Expect(bytes is not null && bytes.Value.Length <= max);
        return bytes!.Value.ToArray();
    }

    private static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("Not a message of repair.");
    }
}
