using System.Buffers;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>
/// Bytes of a frame, on the wire and in the log:
/// <c>[version, bucket, actor, seqFrom, seqTo, seqBase, hlcBase, workflows[], nodes[], actors[], cells[], context|nil]</c> with a cell as
/// <c>[workflow index, kind, subkey, actor index, seq - seqBase, hlc - hlcBase, node index, payload]</c>. Ids stand once per frame, that of a
/// status' executor too: it is cut out of the payload, and its index follows (<see cref="ExecutorField"/>). Equal frames are written as
/// equal bytes.
/// </summary>
public static class DeltaFrameCodec
{
    /// <summary>The version written; a reader refuses higher ones.</summary>
    public const byte Version = 2;

    /// <summary>Writes beyond the first gap a frame may claim at once; more is not a frame of ours.</summary>
    public const ulong SeqSpanMax = 1 << 20;

    private const int Fields = 12;
    private const int CellFields = 8;
    private const int CellFieldsWithExecutor = 9;

    // A count is a stranger's word: room for no more than this before they are there.
    private const int CellsAtFirst = 64;

    /// <summary>Writes <paramref name="frame"/>.</summary>
    public static void Write(ref MessagePackWriter writer, DeltaFrame frame)
    {
        var workflows = Table(frame.Cells.Select(static cell => cell.Key.Workflow));
        var nodes = Nodes(frame);
        var actors = Table(frame.Cells.Select(static cell => cell.Dot.Actor));
        var (seqBase, hlcBase) = Bases(frame);

        writer.WriteArrayHeader(Fields);
        writer.Write(Version);
        writer.Write(frame.Bucket);
        writer.Write(frame.Actor);
        writer.Write(frame.SeqFrom);
        writer.Write(frame.SeqTo);
        writer.Write(seqBase);
        writer.Write(hlcBase);
        writer.WriteArrayHeader(workflows.Length * 2);
        foreach (var workflow in workflows) { writer.Write(workflow.Place); writer.Write(workflow.Content); }
        writer.WriteArrayHeader(nodes.Length);
        foreach (var node in nodes) writer.Write(node);
        writer.WriteArrayHeader(actors.Length);
        foreach (var actor in actors) writer.Write(actor);
        writer.WriteArrayHeader(frame.Cells.Count);
        foreach (var cell in frame.Cells)
        {
            var isCut = ExecutorField.TryFind(cell, out var place, out var executor);
            writer.WriteArrayHeader(isCut ? CellFieldsWithExecutor : CellFields);
            writer.Write(Array.BinarySearch(workflows, cell.Key.Workflow));
            writer.Write((byte)cell.Key.Kind);
            WriteSubkey(ref writer, cell.Key.Subkey);
            writer.Write(Array.BinarySearch(actors, cell.Dot.Actor));
            writer.Write(cell.Dot.Seq - seqBase);
            writer.Write(cell.Stamp.Value - hlcBase);
            writer.Write(Array.BinarySearch(nodes, cell.Node.Value));
            if (isCut) WriteCut(ref writer, cell, place, Array.BinarySearch(nodes, executor));
            else writer.Write(cell.Payload.Span);
        }

        if (frame.Context is null) writer.WriteNil();
        else frame.Context.Write(ref writer);
    }

    /// <summary>
    /// Reads a frame. Throws <see cref="MessagePackSerializationException"/> on anything that is not one. Cells are not checked:
    /// the receiver refuses a bad one alone.
    /// </summary>
    public static DeltaFrame Read(ref MessagePackReader reader)
    {
        Expect(reader.ReadArrayHeader() == Fields && reader.ReadByte() is > 0 and <= Version);
        var bucket = reader.ReadInt32();
        var actor = reader.ReadUInt64();
        var seqFrom = reader.ReadUInt64();
        var seqTo = reader.ReadUInt64();
        Expect(bucket is >= 0 and < Ring.Buckets.CountOfAll && seqTo <= DotContext.SeqMax);
        Expect(seqTo == 0 || (seqFrom > 0 && seqTo >= seqFrom && seqTo - seqFrom < SeqSpanMax));
        var seqBase = reader.ReadUInt64();
        var hlcBase = reader.ReadUInt64();
        var workflows = ReadWorkflows(ref reader);
        var nodes = ReadNumbers(ref reader);
        var actors = ReadNumbers(ref reader);
        var left = reader.ReadArrayHeader();
        var cells = new List<Cell>(Math.Min(left, CellsAtFirst));
        for (; left > 0; left--)
        {
            var fields = reader.ReadArrayHeader();
            Expect(fields is CellFields or CellFieldsWithExecutor);
            var workflow = At(workflows, reader.ReadInt32());
            var kind = (CellKind)reader.ReadByte();
            var subkey = ReadSubkey(ref reader);
            var dot = new Dot(At(actors, reader.ReadInt32()), checked(seqBase + reader.ReadUInt64()));
            var stamp = new HlcTimestamp(checked(hlcBase + reader.ReadUInt64()));
            var node = new NodeId(At(nodes, reader.ReadInt32()));
            var payload = fields == CellFields ? ReadPayload(ref reader) : ReadCutPayload(ref reader, nodes);
            cells.Add(new Cell(new CellKey(workflow, kind, subkey), stamp, node, dot, payload));
        }

        var context = reader.TryReadNil() ? null : DotContext.Read(ref reader);
        return new DeltaFrame(bucket, actor, seqFrom, seqTo, cells, context);
    }

    // Most subkeys are one small number.
    private static void WriteSubkey(ref MessagePackWriter writer, Subkey subkey)
    {
        if (subkey is { B: 0, C: 0 })
        {
            writer.Write(subkey.A);
            return;
        }

        writer.WriteArrayHeader(3);
        writer.Write(subkey.A);
        writer.Write(subkey.B);
        writer.Write(subkey.C);
    }

    private static Subkey ReadSubkey(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Array) return new Subkey(reader.ReadUInt64());
        Expect(reader.ReadArrayHeader() == 3);
        return new Subkey(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
    }

    private static void WriteCut(ref MessagePackWriter writer, Cell cell, int place, int executor)
    {
        var (head, tail) = ExecutorField.Cut(cell, place);
        writer.WriteBinHeader(head.Length + tail.Length);
        writer.WriteRaw(head.Span);
        writer.WriteRaw(tail.Span);
        writer.Write(executor);
    }

    private static byte[] ReadCutPayload(ref MessagePackReader reader, List<ulong> nodes)
    {
        var cut = ReadPayload(ref reader);
        var payload = ExecutorField.Insert(cut, At(nodes, reader.ReadInt32()));
        Expect(payload is not null);
        return payload!;
    }

    private static ulong[] Nodes(DeltaFrame frame)
    {
        var nodes = new SortedSet<ulong>();
        var last = NodeId.None;
        foreach (var cell in frame.Cells)
        {
            // Most are of one node.
            if (cell.Node != last || last == NodeId.None) nodes.Add((last = cell.Node).Value);
            if (ExecutorField.TryFind(cell, out _, out var executor)) nodes.Add(executor);
        }

        return [.. nodes];
    }

    // Each value once, ascending; its index is its place. Most frames are about one workflow, node and actor, and those cost no sorting.
    private static T[] Table<T>(IEnumerable<T> all) where T : IComparable<T>
    {
        var (values, isSorted) = (new List<T>(), true);
        foreach (var value in all)
        {
            var order = values.Count == 0 ? -1 : values[^1].CompareTo(value);
            if (order != 0) values.Add(value);
            isSorted &= order <= 0;
        }

        if (isSorted) return [.. values];
        values.Sort();
        return [.. values.Where((value, index) => index == 0 || values[index - 1].CompareTo(value) != 0)];
    }

    private static (ulong Seq, ulong Hlc) Bases(DeltaFrame frame)
    {
        if (frame.Cells.Count == 0) return (0, 0);
        var (seq, hlc) = (ulong.MaxValue, ulong.MaxValue);
        foreach (var cell in frame.Cells) (seq, hlc) = (Math.Min(seq, cell.Dot.Seq), Math.Min(hlc, cell.Stamp.Value));
        return (seq, hlc);
    }

    private static List<WorkflowId> ReadWorkflows(ref MessagePackReader reader)
    {
        var numbers = ReadNumbers(ref reader);
        Expect(numbers.Count % 2 == 0);
        var workflows = new List<WorkflowId>(numbers.Count / 2);
        for (var i = 0; i < numbers.Count; i += 2) workflows.Add(new WorkflowId(numbers[i], numbers[i + 1]));
        return workflows;
    }

    private static List<ulong> ReadNumbers(ref MessagePackReader reader)
    {
        var numbers = new List<ulong>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) numbers.Add(reader.ReadUInt64());
        return numbers;
    }

    private static byte[] ReadPayload(ref MessagePackReader reader)
    {
        var bytes = reader.ReadBytes();
        Expect(bytes is not null);
        return bytes!.Value.ToArray();
    }

    private static T At<T>(List<T> table, int index) =>
        index >= 0 && index < table.Count ? table[index] : throw new MessagePackSerializationException("An index outside its table.");

    private static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("Not a frame.");
    }
}
