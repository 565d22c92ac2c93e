using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Bytes of forgetting in this node's own log. A record has a list of <c>[bucket, floor, dropped, set aside]</c>, of five
/// parts where <c>[writer, seq, ...]</c> retire, a bucket in a checkpoint
/// <c>[floor, frame of the cells set aside | nil]</c> behind its frame. Reading throws <see cref="MessagePackSerializationException"/>.
/// </summary>
internal static class ForgettingCodec
{
    public static void Write(ref MessagePackWriter writer, IReadOnlyList<Forgetting> forgettings)
    {
        writer.WriteArrayHeader(forgettings.Count);
        foreach (var forgetting in forgettings)
        {
            writer.WriteArrayHeader(forgetting.Retired.Count == 0 ? 4 : 5);
            writer.Write(forgetting.Bucket);
            writer.Write(forgetting.Floor.Value);
            WriteIds(ref writer, forgetting.Dropped);
            WriteIds(ref writer, forgetting.SetAside);
            if (forgetting.Retired.Count > 0) WriteRetired(ref writer, forgetting.Retired);
        }
    }

    public static List<Forgetting> Read(ref MessagePackReader reader)
    {
        var forgettings = new List<Forgetting>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var fields = reader.ReadArrayHeader();
            if (fields is not (4 or 5)) throw new MessagePackSerializationException("No forgetting of this version.");
            var forgetting = new Forgetting(PeerCodec.ReadBucket(ref reader), new HlcTimestamp(reader.ReadUInt64()), ReadIds(ref reader), ReadIds(ref reader));
            forgettings.Add(fields == 4 ? forgetting : forgetting with { Retired = ReadRetired(ref reader) });
        }

        return forgettings;
    }

    private static void WriteRetired(ref MessagePackWriter writer, IReadOnlyList<(ulong Writer, ulong Seq)> retired)
    {
        writer.WriteArrayHeader(retired.Count * 2);
        foreach (var (id, seq) in retired)
        {
            writer.Write(id);
            writer.Write(seq);
        }
    }

    private static List<(ulong Writer, ulong Seq)> ReadRetired(ref MessagePackReader reader)
    {
        var numbers = reader.ReadArrayHeader();
        if (numbers % 2 != 0) throw new MessagePackSerializationException("Writers that retire are pairs of numbers.");
        var retired = new List<(ulong, ulong)>();
        for (var left = numbers / 2; left > 0; left--) retired.Add((reader.ReadUInt64(), reader.ReadUInt64()));
        return retired;
    }

    /// <summary>What stays of forgetting in a checkpoint; the tombstones are among the cells of the frame before.</summary>
    public static void WriteState(ref MessagePackWriter writer, Bucket bucket)
    {
        var forgotten = bucket.Forgotten;
        writer.WriteArrayHeader(2);
        writer.Write(forgotten.Floor.Value);
        if (forgotten.Aside.Count == 0) writer.WriteNil();
        else DeltaFrameCodec.Write(ref writer, DeltaFrame.Repair(bucket.Number, [.. forgotten.Aside], null));
    }

    public static void ReadState(ref MessagePackReader reader, Forgotten forgotten, bool isInDoubt)
    {
        // A checkpoint of a version that forgot nothing ends with the frame.
        if (reader.End) return;
        reader.ReadArrayHeader();
        var floor = new HlcTimestamp(reader.ReadUInt64());
        if (!isInDoubt) forgotten.Raise(floor);
        if (!reader.TryReadNil()) forgotten.SetAside(DeltaFrameCodec.Read(ref reader).Cells);
    }

    /// <summary>Ids as pairs of numbers.</summary>
    public static void WriteIds(ref MessagePackWriter writer, IReadOnlyList<WorkflowId> ids)
    {
        writer.WriteArrayHeader(ids.Count * 2);
        foreach (var id in ids)
        {
            writer.Write(id.Place);
            writer.Write(id.Content);
        }
    }

    /// <summary>Reads what <see cref="WriteIds"/> wrote.</summary>
    public static List<WorkflowId> ReadIds(ref MessagePackReader reader)
    {
        var numbers = reader.ReadArrayHeader();
        if (numbers % 2 != 0) throw new MessagePackSerializationException("Ids are pairs of numbers.");
        var ids = new List<WorkflowId>();
        for (var left = numbers / 2; left > 0; left--) ids.Add(new WorkflowId(reader.ReadUInt64(), reader.ReadUInt64()));
        return ids;
    }
}
