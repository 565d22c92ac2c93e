using System.Buffers;
using System.Text;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>The value of a definition cell.</summary>
public sealed record DefinitionValue(string Namespace, string Key, AckLevel Ack, Blob Definition, Blob Input)
{
    /// <summary>
    /// Who votes on claims where the consistency is majority: the home owners at the submission, ascending, for the workflow's whole life.
    /// Empty where it is any.
    /// </summary>
    public IReadOnlyList<NodeId> Voters { get; init; } = [];

    /// <summary>Most of <see cref="Voters"/>.</summary>
    public const int VotersMax = 1_024;
}

/// <summary>The written phases of a workflow, ascending.</summary>
public enum WorkflowPhase : byte
{
    /// <summary>Tasks are claimed as they become ready.</summary>
    Active = 0,

    /// <summary>No new claims; open tasks end as CANCELLED.</summary>
    Cancelling = 1,

    /// <summary>Compensations run.</summary>
    RollingBack = 2,
}

/// <summary>The value of an attempt-end cell: why an attempt ended without a result.</summary>
public sealed record AttemptEndValue(bool Lost, string ErrorCode, string ErrorMessage, bool Retryable);

/// <summary>The value of a tombstone: when the workflow was submitted and how it had ended.</summary>
public sealed record TombstoneValue(HlcTimestamp Created, WorkflowState Outcome);

/// <summary>Canonical bytes of each kind's value.</summary>
public static class CellPayloads
{
    /// <summary>Bytes of a definition.</summary>
    public static byte[] Encode(DefinitionValue value) => Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(value.Voters.Count == 0 ? 5 : 6);
        writer.Write(value.Namespace);
        writer.Write(value.Key);
        writer.Write((byte)value.Ack);
        value.Definition.Write(ref writer);
        value.Input.Write(ref writer);
        if (value.Voters.Count == 0) return;
        writer.WriteArrayHeader(value.Voters.Count);
        foreach (var voter in value.Voters) writer.Write(voter.Value);
    });

    /// <summary>Bytes of a phase within a generation of the workflow.</summary>
    public static byte[] Encode(WorkflowPhase phase) => Write((ref MessagePackWriter writer) => writer.Write((byte)phase));

    /// <summary>Bytes of a status.</summary>
    public static byte[] Encode(TaskStatus status) => Write((ref MessagePackWriter writer) => TaskStatusCodec.Write(ref writer, status));

    /// <summary>Bytes of an ended attempt.</summary>
    public static byte[] Encode(AttemptEndValue value) => Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(4);
        writer.Write(value.Lost);
        writer.Write(value.ErrorCode);
        writer.Write(value.ErrorMessage);
        writer.Write(value.Retryable);
    });

    /// <summary>Bytes of a tombstone: at most 11.</summary>
    public static byte[] Encode(TombstoneValue value) => Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.Created.Value);
        writer.Write((byte)value.Outcome);
    });

    /// <summary>Reads a tombstone that was checked.</summary>
    public static TombstoneValue Tombstone(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadTombstone(ref reader);
    }

    /// <summary>Reads a definition cell that was checked.</summary>
    public static DefinitionValue Definition(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadDefinition(ref reader);
    }

    /// <summary>Reads a phase cell that was checked.</summary>
    public static WorkflowPhase Phase(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return (WorkflowPhase)reader.ReadByte();
    }

    /// <summary>Reads an attempt-end cell that was checked.</summary>
    public static AttemptEndValue AttemptEnd(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        return ReadAttemptEnd(ref reader);
    }

    /// <summary>The subkey of an ended attempt.</summary>
    public static Subkey AttemptEndKey(int task, int generation, int attempt, NodeId executor) =>
        new((ulong)task, (ulong)generation << 32 | (uint)attempt, executor.Value);

    /// <summary>The subkey of a result.</summary>
    public static Subkey ResultKey(int task, Dot dot) => new((ulong)task, dot.Actor, dot.Seq);

    /// <summary>Cuts <paramref name="text"/> to at most <paramref name="bytes"/> bytes of UTF-8 without splitting a character.</summary>
    public static string Clip(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes) return text;
        var end = Math.Min(text.Length, bytes);
        while (end > 0 && (Encoding.UTF8.GetByteCount(text.AsSpan(0, end)) > bytes - 3 || char.IsHighSurrogate(text[end - 1]))) end--;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    internal static bool IsWellFormed(Cell cell)
    {
        var reader = new MessagePackReader(cell.Payload);
        switch (cell.Key.Kind)
        {
            case CellKind.Definition: ReadDefinition(ref reader); break;
            case CellKind.Phase: if (reader.ReadByte() > (byte)WorkflowPhase.RollingBack) return false; break;
            case CellKind.Status: TaskStatusCodec.Read(ref reader, cell.Stamp, cell.Node); break;
            case CellKind.AttemptEnd: ReadAttemptEnd(ref reader); break;
            case CellKind.Tombstone: if (!ReadTombstone(ref reader).Outcome.IsTerminal()) return false; break;
            case CellKind.Result: if (!IsResult(cell, ref reader)) return false; break;
            case CellKind.Inputs: RunPayloads.ReadInputs(ref reader); break;
            case CellKind.Duplicate: RunPayloads.ReadDuplicate(ref reader); break;
            case CellKind.Chunk: return Blob.IsChunk(cell);
            case CellKind.MemberRemoved: SystemCells.ReadRemoval(cell.Key, ref reader); break;
            default: return true; // an unknown kind is kept and forwarded as it is
        }

        return reader.End;
    }

    // A result is known by its write: the status that names it names the dot.
    private static bool IsResult(Cell cell, ref MessagePackReader reader)
    {
        RunPayloads.ReadResult(ref reader);
        return cell.Key.Subkey is var key && key.A < WorkflowLimits.TasksMax && new Dot(key.B, key.C) == cell.Dot;
    }

    private static DefinitionValue ReadDefinition(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        Expect(fields is 5 or 6);
        var @namespace = reader.ReadString() ?? "";
        var key = reader.ReadString() ?? "";
        var ack = (AckLevel)reader.ReadByte();
        var value = new DefinitionValue(@namespace, key, ack, Blob.Read(ref reader), Blob.Read(ref reader));
        return fields == 5 ? value : value with { Voters = ReadVoters(ref reader) };
    }

    private static NodeId[] ReadVoters(ref MessagePackReader reader)
    {
        var voters = new NodeId[reader.ReadArrayHeader() is var count and > 0 and <= DefinitionValue.VotersMax ? count : throw new MessagePackSerializationException("No list of voters.")];
        for (var i = 0; i < voters.Length; i++)
        {
            voters[i] = new NodeId(reader.ReadUInt64());
            Expect(i == 0 || voters[i] > voters[i - 1]);
        }

        return voters;
    }

    private static TombstoneValue ReadTombstone(ref MessagePackReader reader)
    {
        Expect(reader.ReadArrayHeader() == 2);
        return new TombstoneValue(new HlcTimestamp(reader.ReadUInt64()), (WorkflowState)reader.ReadByte());
    }

    private static AttemptEndValue ReadAttemptEnd(ref MessagePackReader reader)
    {
        Expect(reader.ReadArrayHeader() == 4);
        return new AttemptEndValue(reader.ReadBoolean(), reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadBoolean());
    }

    internal static void Expect(bool condition)
    {
        if (!condition) throw new MessagePackSerializationException("A payload of another shape.");
    }

    internal delegate void WriteBody(ref MessagePackWriter writer);

    internal static byte[] Write(WriteBody body)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        var writer = new MessagePackWriter(buffer);
        body(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
