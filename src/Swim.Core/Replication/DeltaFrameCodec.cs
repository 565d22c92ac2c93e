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

    // Most frames are about one workflow and actor, and name two nodes: the writer and the executor.
    private const int ValuesAtFirst = 2;

    /// <summary>Writes <paramref name="frame"/>.</summary>
    public static void Write(ref MessagePackWriter writer, DeltaFrame frame)
    {
        var workflows = Table(frame.Cells, static cell => cell.Key.Workflow);
        var nodes = Nodes(frame);
        var actors = Table(frame.Cells, static cell => cell.Dot.Actor);
        var (seqBase, hlcBase) = Bases(frame);

        writer.WriteArrayHeader(Fields);
        writer.Write(Version);
        writer.Write(frame.Bucket);
        writer.Write(frame.Actor);
        writer.Write(frame.SeqFrom);
        writer.Write(frame.SeqTo);
        writer.Write(seqBase);
        writer.Write(hlcBase);
        writer.WriteArrayHeader(workflows.Count * 2);
        foreach (var workflow in workflows) { writer.Write(workflow.Place); writer.Write(workflow.Content); }
        writer.WriteArrayHeader(nodes.Count);
        foreach (var node in nodes) writer.Write(node);
        writer.WriteArrayHeader(actors.Count);
        foreach (var actor in actors) writer.Write(actor);
        writer.WriteArrayHeader(frame.Cells.Count);
        for (var at = 0; at < frame.Cells.Count; at++)
        {
            var cell = frame.Cells[at];
            var isCut = ExecutorField.TryFind(cell, out var place, out var executor);
            writer.WriteArrayHeader(isCut ? CellFieldsWithExecutor : CellFields);
            writer.Write(workflows.BinarySearch(cell.Key.Workflow));
            writer.Write((byte)cell.Key.Kind);
            WriteSubkey(ref writer, cell.Key.Subkey);
            writer.Write(actors.BinarySearch(cell.Dot.Actor));
            writer.Write(cell.Dot.Seq - seqBase);
            writer.Write(cell.Stamp.Value - hlcBase);
            writer.Write(nodes.BinarySearch(cell.Node.Value));
            if (isCut) WriteCut(ref writer, cell, place, nodes.BinarySearch(executor));
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

    private static byte[] ReadCutPayload(ref MessagePackReader reader, ulong[] nodes)
    {
        var cut = ReadPayload(ref reader);
        var payload = ExecutorField.Insert(cut, At(nodes, reader.ReadInt32()));
        Expect(payload is not null);
        return payload!;
    }

    private static List<ulong> Nodes(DeltaFrame frame)
    {
        var nodes = new List<ulong>(ValuesAtFirst);
        for (var at = 0; at < frame.Cells.Count; at++)
        {
            Note(nodes, frame.Cells[at].Node.Value);
            if (ExecutorField.TryFind(frame.Cells[at], out _, out var executor)) Note(nodes, executor);
        }

        nodes.SortOnce();
        return nodes;
    }

    // Each value once, ascending; its index is its place.
    private static List<T> Table<T>(IReadOnlyList<Cell> cells, Func<Cell, T> of) where T : IComparable<T>
    {
        var values = new List<T>(ValuesAtFirst);
        for (var at = 0; at < cells.Count; at++) Note(values, of(cells[at]));
        values.SortOnce();
        return values;
    }

    // Writer and executor come in turn.
    private static void Note<T>(List<T> values, T value) where T : IComparable<T>
    {
        if (values.Count > 0 && values[^1].CompareTo(value) == 0) return;
        if (values.Count > 1 && values[^2].CompareTo(value) == 0) return;
        values.Add(value);
    }

    private static (ulong Seq, ulong Hlc) Bases(DeltaFrame frame)
    {
        if (frame.Cells.Count == 0) return (0, 0);
        var (seq, hlc) = (ulong.MaxValue, ulong.MaxValue);
        for (var at = 0; at < frame.Cells.Count; at++) (seq, hlc) = (Math.Min(seq, frame.Cells[at].Dot.Seq), Math.Min(hlc, frame.Cells[at].Stamp.Value));
        return (seq, hlc);
    }

    private static WorkflowId[] ReadWorkflows(ref MessagePackReader reader)
    {
        var numbers = reader.ReadArrayHeader();
        Expect(numbers % 2 == 0);
        var workflows = new WorkflowId[numbers / 2];
        for (var at = 0; at < workflows.Length; at++) workflows[at] = new WorkflowId(reader.ReadUInt64(), reader.ReadUInt64());
        return workflows;
    }

    // The reader refuses a count for which there are not as many bytes.
    private static ulong[] ReadNumbers(ref MessagePackReader reader)
    {
        var numbers = new ulong[reader.ReadArrayHeader()];
        for (var at = 0; at < numbers.Length; at++) numbers[at] = reader.ReadUInt64();
        return numbers;
    }

    private static byte[] ReadPayload(ref MessagePackReader reader)
    {
        var bytes = reader.ReadBytes();
        Expect(bytes is not null);
        return bytes!.Value.ToArray();
    }

    private static T At<T>(T[] table, int index) =>
        index >= 0 && index < table.Length ? table[index] : throw new MessagePackSerializationException("An index outside its table.");

    private static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("Not a frame.");
    }
}
