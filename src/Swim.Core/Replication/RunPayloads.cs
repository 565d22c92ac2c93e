using MessagePack;
using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Replication;

/// <summary>The value of a result cell: what an attempt gave, and which attempt it was, so that one that lost can be shown.</summary>
/// <param name="Generation">The generation of the task.</param>
/// <param name="Attempt">From 1 within it.</param>
/// <param name="Executor">Who ran it.</param>
/// <param name="Token">The stamp of its claim.</param>
/// <param name="Output">Canonical JSON.</param>
public sealed record ResultValue(int Generation, int Attempt, NodeId Executor, ulong Token, Blob Output)
{
    /// <summary>Most results of one task that are kept; the first ones in the order in which they would win stay.</summary>
    public const int PerTaskMax = 16;

    /// <summary>64 bits of the output: equal results have equal hashes.</summary>
    public ulong Hash => Output.Fingerprint;
}

/// <summary>One result that an attempt was given.</summary>
/// <param name="Task">Index of the task that gave it.</param>
/// <param name="Dot">The write of the result.</param>
/// <param name="Hash">Its <see cref="ResultValue.Hash"/>.</param>
public readonly record struct TaskInput(int Task, Dot Dot, ulong Hash);

/// <summary>The value of an inputs cell: the winning results at the moment of a claim.</summary>
/// <param name="Executor">Who was to run the attempt; none where its arguments could not be made.</param>
/// <param name="Inputs">Ascending by task.</param>
public sealed record InputsValue(NodeId Executor, IReadOnlyList<TaskInput> Inputs);

/// <summary>The value of a duplicate cell: a success that came when the task had one.</summary>
/// <param name="Token">The stamp of its claim.</param>
/// <param name="Hash">The <see cref="ResultValue.Hash"/> of what it gave.</param>
public sealed record DuplicateValue(ulong Token, ulong Hash);

/// <summary>Canonical bytes of what is known about runs of tasks.</summary>
public static class RunPayloads
{
    /// <summary><c>[generation, attempt, executor, token, output]</c>.</summary>
    public static byte[] Encode(ResultValue value) => CellPayloads.Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(5);
        writer.Write(value.Generation);
        writer.Write(value.Attempt);
        writer.Write(value.Executor.Value);
        writer.Write(value.Token);
        value.Output.Write(ref writer);
    });

    /// <summary><c>[executor, task, actor, seq, hash, task, ...]</c>.</summary>
    public static byte[] Encode(InputsValue value) => CellPayloads.Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(1 + (4 * value.Inputs.Count));
        writer.Write(value.Executor.Value);
        foreach (var input in value.Inputs)
        {
            writer.Write(input.Task);
            writer.Write(input.Dot.Actor);
            writer.Write(input.Dot.Seq);
            writer.Write(input.Hash);
        }
    });

    /// <summary><c>[token, hash]</c>.</summary>
    public static byte[] Encode(DuplicateValue value) => CellPayloads.Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Token);
        writer.Write(value.Hash);
    });

    /// <summary>Reads a result cell that was checked.</summary>
    public static ResultValue Result(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadResult(ref reader);
    }

    /// <summary>Reads an inputs cell that was checked.</summary>
    public static InputsValue Inputs(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadInputs(ref reader);
    }

    /// <summary>Reads a duplicate cell that was checked.</summary>
    public static DuplicateValue Duplicate(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadDuplicate(ref reader);
    }

    /// <summary>The subkey of what an attempt was given.</summary>
    public static Subkey InputsKey(int task, int generation, int attempt, ulong token, NodeId executor) =>
        new((ulong)task, (ulong)generation << 32 | (uint)attempt, StableHash.Of(token, executor.Value));

    internal static ResultValue ReadResult(ref MessagePackReader reader)
    {
        CellPayloads.Expect(reader.ReadArrayHeader() == 5);
        var (generation, attempt) = (reader.ReadInt32(), reader.ReadInt32());
        CellPayloads.Expect(generation >= 0 && attempt >= 0);
        return new ResultValue(generation, attempt, new NodeId(reader.ReadUInt64()), reader.ReadUInt64(), Blob.Read(ref reader));
    }

    internal static InputsValue ReadInputs(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        CellPayloads.Expect(fields % 4 == 1);
        var executor = new NodeId(reader.ReadUInt64());
        var inputs = new List<TaskInput>();
        for (var last = -1; fields > 1; fields -= 4)
        {
            var input = new TaskInput(reader.ReadInt32(), new Dot(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadUInt64());
            CellPayloads.Expect(input.Task > last);
            last = input.Task;
            inputs.Add(input);
        }

        return new InputsValue(executor, inputs);
    }

    internal static DuplicateValue ReadDuplicate(ref MessagePackReader reader)
    {
        CellPayloads.Expect(reader.ReadArrayHeader() == 2);
        return new DuplicateValue(reader.ReadUInt64(), reader.ReadUInt64());
    }
}
