using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Primitives;
using Swim.Core.Workflows;

namespace Swim.Core.Replication;

/// <summary>Bytes of a merge report in an answer; nil where there is none. Reading throws <see cref="MessagePackSerializationException"/>.</summary>
internal static class MergeReportCodec
{
    public static void Write(ref MessagePackWriter writer, MergeReport? report)
    {
        if (report is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(7);
        writer.WriteArrayHeader(report.Tasks.Count);
        foreach (var task in report.Tasks) WriteTask(ref writer, task);
        writer.WriteArrayHeader(report.Consumers.Count);
        foreach (var consumer in report.Consumers) WriteConsumer(ref writer, consumer);
        writer.Write(report.SupersededBy?.Place ?? 0);
        writer.Write(report.SupersededBy?.Content ?? 0);
        writer.Write(report.LatestUnixMs);
        writer.Write(report.TaskCount);
        writer.Write(report.ConsumerCount);
    }

    public static MergeReport? Read(ref MessagePackReader reader)
    {
        if (reader.TryReadNil()) return null;
        CellPayloads.Expect(reader.ReadArrayHeader() == 7);
        var tasks = new List<TaskMerge>();
        for (var left = Length(ref reader, MergeReport.ShownMax); left > 0; left--) tasks.Add(ReadTask(ref reader));
        var consumers = new List<FedConsumer>();
        for (var left = Length(ref reader, MergeReport.ShownMax); left > 0; left--) consumers.Add(ReadConsumer(ref reader));
        var holder = new WorkflowId(reader.ReadUInt64(), reader.ReadUInt64());
        return new MergeReport(tasks, consumers, holder == default ? null : holder, reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32());
    }

    private static void WriteTask(ref MessagePackWriter writer, TaskMerge task)
    {
        writer.WriteArrayHeader(5);
        writer.Write(task.Task);
        writer.Write(task.Generation);
        writer.Write((byte)task.Why);
        writer.Write(task.IsSameResult);
        writer.WriteArrayHeader(task.Runs.Count);
        foreach (var run in task.Runs) WriteRun(ref writer, run);
    }

    private static TaskMerge ReadTask(ref MessagePackReader reader)
    {
        CellPayloads.Expect(reader.ReadArrayHeader() == 5);
        var (task, generation, why, isSame) = (Text(ref reader), reader.ReadInt32(), (WinReason)reader.ReadByte(), reader.ReadBoolean());
        CellPayloads.Expect(why is >= WinReason.Rank and <= WinReason.Attempt);
        var runs = new List<TaskRun>();
        for (var left = Length(ref reader, MergeReport.NamedMax); left > 0; left--) runs.Add(ReadRun(ref reader));
        return new TaskMerge(task, generation, why, isSame, runs);
    }

    private static void WriteRun(ref MessagePackWriter writer, TaskRun run)
    {
        writer.WriteArrayHeader(7);
        writer.Write(run.Attempt);
        writer.Write(run.Executor.Value);
        writer.Write(run.CommittedBy.Value);
        writer.Write(run.Stamp.Value);
        writer.Write(run.IsSuccess);
        writer.Write(run.ResultHash);
        writer.Write(run.ErrorCode);
    }

    private static TaskRun ReadRun(ref MessagePackReader reader)
    {
        CellPayloads.Expect(reader.ReadArrayHeader() == 7);
        return new TaskRun(
            reader.ReadInt32(), new NodeId(reader.ReadUInt64()), new NodeId(reader.ReadUInt64()), new HlcTimestamp(reader.ReadUInt64()), reader.ReadBoolean(),
            reader.ReadUInt64(), Text(ref reader));
    }

    private static void WriteConsumer(ref MessagePackWriter writer, FedConsumer consumer)
    {
        writer.WriteArrayHeader(6);
        writer.Write(consumer.Task);
        writer.Write(consumer.Generation);
        writer.Write(consumer.Attempt);
        writer.Write(consumer.Executor.Value);
        writer.WriteArrayHeader(consumer.Inputs.Count);
        foreach (var input in consumer.Inputs) writer.Write(input);
        writer.Write((byte)consumer.Answer);
    }

    private static FedConsumer ReadConsumer(ref MessagePackReader reader)
    {
        CellPayloads.Expect(reader.ReadArrayHeader() == 6);
        var (task, generation, attempt, executor) = (Text(ref reader), reader.ReadInt32(), reader.ReadInt32(), new NodeId(reader.ReadUInt64()));
        var inputs = new List<string>();
        for (var left = Length(ref reader, MergeReport.NamedMax); left > 0; left--) inputs.Add(Text(ref reader));
        var answer = (FlipAnswer)reader.ReadByte();
        CellPayloads.Expect(answer is >= FlipAnswer.Accepted and <= FlipAnswer.Open);
        return new FedConsumer(task, generation, attempt, executor, inputs, answer);
    }

    private static int Length(ref MessagePackReader reader, int max)
    {
        var length = reader.ReadArrayHeader();
        CellPayloads.Expect(length <= max);
        return length;
    }

    private static string Text(ref MessagePackReader reader) => reader.ReadString() ?? "";
}
