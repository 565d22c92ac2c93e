using System.Buffers;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Bytes of a forwarded command's answer. Reading throws <see cref="MessagePackSerializationException"/>.</summary>
internal static class ReplyCodec
{
    public static void Write(ref MessagePackWriter writer, Reply reply)
    {
        switch (reply)
        {
            case Submitted r:
                Head(ref writer, 1, 4);
                WriteId(ref writer, r.Id);
                writer.Write((byte)r.Acked);
                writer.Write(r.Existing);
                break;
            case Shown r:
                Head(ref writer, 2, 14);
                WriteView(ref writer, r.View);
                break;
            case CancelAccepted r:
                Head(ref writer, 3, 1);
                writer.Write((byte)r.State);
                break;
            case Refused r:
                Head(ref writer, 4, 3);
                writer.Write((byte)r.Reason);
                writer.Write(r.Code);
                writer.Write(r.Message);
                break;
            case Listed r:
                Head(ref writer, 5, 3);
                writer.WriteArrayHeader(r.Workflows.Count);
                foreach (var summary in r.Workflows) WriteSummary(ref writer, summary);
                writer.Write(r.HasMore);
                writer.Write(r.Missing.Bytes);
                break;
            case MemberRemoved r:
                Head(ref writer, 6, 6);
                writer.Write(r.Node.Value);
                writer.Write(r.Epoch);
                writer.Write(r.Existing);
                writer.Write((byte)r.Acked);
                writer.Write(r.Reachable);
                writer.Write(r.Members);
                break;
            case Explained r:
                Head(ref writer, 7, 7);
                WriteId(ref writer, r.Id);
                writer.Write((byte)r.State);
                writer.Write(r.AnsweredBy.Value);
                writer.Write(r.Planner.Value);
                writer.WriteArrayHeader(r.Tasks.Count);
                foreach (var task in r.Tasks) WriteExplanation(ref writer, task);
                writer.Write(r.More);
                break;
            default:
                Invariant.Holds(false, "every reply has bytes");
                break;
        }
    }

    /// <summary>Names a view by all it shows: equal on nodes that show the same; never zero.</summary>
    public static ulong HashOf(WorkflowView view)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var writer = new MessagePackWriter(buffer);
        WriteView(ref writer, view);
        writer.Flush();
        return Math.Max(1, StableHash.Of(buffer.WrittenSpan));
    }

    public static Reply Read(ref MessagePackReader reader)
    {
        var length = reader.ReadArrayHeader();
        var type = reader.ReadByte();
        return (type, length - 1) switch
        {
            (1, 4) => new Submitted(ReadId(ref reader), (AckLevel)reader.ReadByte(), reader.ReadBoolean()),
            (2, 14) => new Shown(ReadView(ref reader)),
            (3, 1) => new CancelAccepted((WorkflowState)reader.ReadByte()),
            (4, 3) => new Refused((RefusalReason)reader.ReadByte(), Text(ref reader), Text(ref reader)),
            (7, 7) => new Explained(ReadId(ref reader), (WorkflowState)reader.ReadByte(), new NodeId(reader.ReadUInt64()), new NodeId(reader.ReadUInt64()), ReadExplanations(ref reader), reader.ReadInt32()),
            (6, 6) => new MemberRemoved(new NodeId(reader.ReadUInt64()), reader.ReadUInt64(), reader.ReadBoolean(), (AckLevel)reader.ReadByte(), reader.ReadInt32(), reader.ReadInt32()),
            (5, 3) => new Listed(ReadSummaries(ref reader), reader.ReadBoolean(), CommandCodec.Buckets(ref reader)),
            _ => throw new MessagePackSerializationException("No reply of this version."),
        };
    }

    private static void WriteExplanation(ref MessagePackWriter writer, TaskExplanation task)
    {
        writer.WriteArrayHeader(6);
        writer.Write(task.Task);
        writer.Write((byte)task.State);
        writer.Write((byte)task.Reason);
        writer.Write(task.Text);
        writer.Write(task.SinceUnixMs);
        writer.Write(task.UntilUnixMs);
    }

    private static TaskExplanation[] ReadExplanations(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count > Explained.TasksMax) throw new MessagePackSerializationException("More explanations than there may be.");
        var tasks = new TaskExplanation[count];
        for (var i = 0; i < count; i++)
        {
            if (reader.ReadArrayHeader() != 6) throw new MessagePackSerializationException("An explanation has 6 fields.");
            tasks[i] = new TaskExplanation(Text(ref reader), (TaskState)reader.ReadByte(), (WaitReason)reader.ReadByte(), Text(ref reader), reader.ReadInt64(), reader.ReadInt64());
        }

        return tasks;
    }

    private static void WriteView(ref MessagePackWriter writer, WorkflowView view)
    {
        WriteId(ref writer, view.Id);
        writer.Write(view.Namespace);
        writer.Write(view.Name);
        writer.Write((byte)view.State);
        writer.WriteArrayHeader(view.Tasks.Count);
        foreach (var task in view.Tasks) WriteTask(ref writer, task);
        writer.Write(view.Output.Span);
        writer.Write(view.Layers);
        writer.Write(view.CreatedUnixMs);
        writer.Write(view.FinishedUnixMs);
        writer.Write((byte)view.Durable);
        WriteId(ref writer, view.SupersededBy ?? default);
        MergeReportCodec.Write(ref writer, view.Merges);
    }

    private static WorkflowView ReadView(ref MessagePackReader reader)
    {
        var id = ReadId(ref reader);
        var @namespace = Text(ref reader);
        var name = Text(ref reader);
        var state = (WorkflowState)reader.ReadByte();
        var tasks = new List<TaskView>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) tasks.Add(ReadTask(ref reader));
        return new WorkflowView(
            id, @namespace, name, state, tasks, Bytes(ref reader), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), (AckLevel)reader.ReadByte(),
            ReadId(ref reader) is var holder && holder == default ? null : holder)
        {
            Merges = MergeReportCodec.Read(ref reader),
        };
    }

    private static void WriteTask(ref MessagePackWriter writer, TaskView task)
    {
        writer.WriteArrayHeader(15);
        writer.Write(task.Id);
        writer.Write(task.Tool);
        writer.WriteArrayHeader(task.DependsOn.Count);
        foreach (var dependency in task.DependsOn) writer.Write(dependency);
        writer.Write((byte)task.State);
        writer.Write(task.Attempt);
        writer.Write(task.Executor.Value);
        writer.Write(task.Output.Span);
        writer.Write(task.OutputBytes);
        writer.Write(task.ErrorCode);
        writer.Write(task.ErrorMessage);
        writer.Write(task.ErrorRetryable);
        writer.Write(task.StartedUnixMs);
        writer.Write(task.FinishedUnixMs);
        writer.Write(task.Generation);
        writer.WriteArrayHeader(task.StaleInputs.Count);
        foreach (var input in task.StaleInputs) writer.Write(input);
    }

    private static TaskView ReadTask(ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != 15) throw new MessagePackSerializationException("A task has 15 fields.");
        var id = Text(ref reader);
        var tool = Text(ref reader);
        var dependsOn = Texts(ref reader);
        return new TaskView(
            id, tool, dependsOn, (TaskState)reader.ReadByte(), reader.ReadInt32(), new NodeId(reader.ReadUInt64()), Bytes(ref reader), reader.ReadInt32(),
            reader.ReadString(), reader.ReadString(), reader.ReadBoolean(), reader.ReadInt64(), reader.ReadInt64())
        {
            Generation = reader.ReadInt32(),
            StaleInputs = Texts(ref reader),
        };
    }

    private static List<string> Texts(ref MessagePackReader reader)
    {
        var texts = new List<string>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--) texts.Add(Text(ref reader));
        return texts;
    }

    private static void WriteSummary(ref MessagePackWriter writer, WorkflowSummary summary)
    {
        writer.WriteArrayHeader(10);
        WriteId(ref writer, summary.Place.Id);
        writer.Write(summary.Place.Created.Value);
        writer.Write(summary.Name);
        writer.Write((byte)summary.State);
        writer.Write(summary.Tasks);
        writer.Write(summary.TasksDone);
        writer.Write(summary.TasksFailed);
        writer.Write(summary.FinishedUnixMs);
        MergeReportCodec.Write(ref writer, summary.Merges);
    }

    private static List<WorkflowSummary> ReadSummaries(ref MessagePackReader reader)
    {
        var left = reader.ReadArrayHeader();
        if (left > ListCommand.LimitMax) throw new MessagePackSerializationException("A list longer than a page.");
        var summaries = new List<WorkflowSummary>();
        for (; left > 0; left--) summaries.Add(ReadSummary(ref reader));
        return summaries;
    }

    private static WorkflowSummary ReadSummary(ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != 10) throw new MessagePackSerializationException("A summary has 10 fields.");
        var id = ReadId(ref reader);
        return new WorkflowSummary(
            new ListPlace(new HlcTimestamp(reader.ReadUInt64()), id), Text(ref reader), (WorkflowState)reader.ReadByte(),
            reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64())
        {
            Merges = MergeReportCodec.Read(ref reader),
        };
    }

    // The id stands as two fields of the reply.
    private static void WriteId(ref MessagePackWriter writer, WorkflowId id)
    {
        writer.Write(id.Place);
        writer.Write(id.Content);
    }

    private static WorkflowId ReadId(ref MessagePackReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());

    private static void Head(ref MessagePackWriter writer, byte type, int fields)
    {
        writer.WriteArrayHeader(fields + 1);
        writer.Write(type);
    }

    private static string Text(ref MessagePackReader reader) => reader.ReadString() ?? "";

    private static byte[] Bytes(ref MessagePackReader reader) =>
        reader.ReadBytes()?.ToArray() ?? throw new MessagePackSerializationException("Bytes are missing.");
}
