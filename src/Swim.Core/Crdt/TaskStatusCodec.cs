using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Crdt;

/// <summary>
/// The payload of a status cell: <c>[generation, state, attempt]</c>, followed by as many of executor, executor epoch, result
/// actor, result seq, error code, error message, retryable, retry at, started at as are needed: trailing defaults are left out,
/// so equal values have equal bytes. Stamp and node stand in the cell.
/// </summary>
public static class TaskStatusCodec
{
    private const int FixedFields = 3;
    private const int AllFields = 12;

    /// <summary>Writes the canonical payload of <paramref name="status"/>.</summary>
    public static void Write(ref MessagePackWriter writer, TaskStatus status)
    {
        var fields = FieldCount(status.Detail);
        writer.WriteArrayHeader(fields);
        writer.Write(status.Generation);
        writer.Write((byte)status.State);
        writer.Write(status.Attempt);
        for (var field = FixedFields; field < fields; field++) WriteField(ref writer, field, status.Detail);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="MessagePackSerializationException"/> on anything else.</summary>
    public static TaskStatus Read(ref MessagePackReader reader, HlcTimestamp stamp, NodeId node)
    {
        var fields = reader.ReadArrayHeader();
        if (fields is < FixedFields or > AllFields) throw new MessagePackSerializationException("A status has 3 to 12 fields.");
        var generation = reader.ReadInt32();
        var state = ReadState(ref reader);
        var attempt = reader.ReadInt32();
        if (generation < 0 || attempt < 0) throw new MessagePackSerializationException("Generation and attempt are not negative.");
        return new TaskStatus(generation, state, attempt, stamp, node, fields == FixedFields ? TaskStatusDetail.Empty : ReadDetail(ref reader, fields));
    }

    private static TaskState ReadState(ref MessagePackReader reader)
    {
        var state = (TaskState)reader.ReadByte();
        return state is >= TaskState.Pending and <= TaskState.Cancelled
            ? state
            : throw new MessagePackSerializationException("A state that is never written.");
    }

    private static int FieldCount(TaskStatusDetail detail) => detail switch
    {
        { StartedUnixMs: not 0 } => 12,
        { RetryAtUnixMs: not 0 } => 11,
        { Retryable: true } => 10,
        { ErrorMessage.Length: > 0 } => 9,
        { ErrorCode.Length: > 0 } => 8,
        { Result.Seq: not 0 } => 7,
        { Result.Actor: not 0 } => 6,
        { ExecutorEpoch: not 0 } => 5,
        { Executor.Value: not 0 } => 4,
        _ => FixedFields,
    };

    private static void WriteField(ref MessagePackWriter writer, int field, TaskStatusDetail detail)
    {
        switch (field)
        {
            case 3: writer.Write(detail.Executor.Value); break;
            case 4: writer.Write(detail.ExecutorEpoch); break;
            case 5: writer.Write(detail.Result.Actor); break;
            case 6: writer.Write(detail.Result.Seq); break;
            case 7: writer.Write(detail.ErrorCode); break;
            case 8: writer.Write(detail.ErrorMessage); break;
            case 9: writer.Write(detail.Retryable); break;
            case 10: writer.Write(detail.RetryAtUnixMs); break;
            default: writer.Write(detail.StartedUnixMs); break;
        }
    }

    private static TaskStatusDetail ReadDetail(ref MessagePackReader reader, int fields) => new(
        new NodeId(reader.ReadUInt64()),
        fields > 4 ? reader.ReadUInt64() : 0,
        new Dot(fields > 5 ? reader.ReadUInt64() : 0, fields > 6 ? reader.ReadUInt64() : 0),
        fields > 7 ? reader.ReadString() ?? "" : "",
        fields > 8 ? reader.ReadString() ?? "" : "",
        fields > 9 && reader.ReadBoolean(),
        fields > 10 ? reader.ReadInt64() : 0,
        fields > 11 ? reader.ReadInt64() : 0);
}
