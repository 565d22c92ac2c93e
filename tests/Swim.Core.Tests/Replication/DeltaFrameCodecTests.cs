using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Tests.Crdt;
using Swim.Core.Workflows;
using Xunit;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Core.Tests.Replication;

/// <summary>Frames as bytes: what stands once in a table comes back in every cell, to the byte.</summary>
public sealed class DeltaFrameCodecTests
{
    private static readonly NodeId _executor = new(0x5EED_0000_0000_0001);

    [Fact]
    public void A_claim_in_a_batch_takes_at_most_20_bytes()
    {
        var cells = Enumerable.Range(0, 64).Select(static task => StatusOf((ulong)task, _executor)).ToList();
        Assert.InRange(Written(cells).Length / 64.0, 1, 20);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(1UL + uint.MaxValue)]
    [InlineData(0x5EED_0000_0000_0001)]
    [InlineData(ulong.MaxValue)]
    public void A_status_comes_back_with_the_same_bytes_and_digest_whoever_runs_it(ulong executor) =>
        AssertComesBack(StatusOf(3, new NodeId(executor)));

    // A stranger's status may be of any form: what is cut from it must be what is put back.
    [Fact]
    public void Any_payload_of_a_status_comes_back_to_the_byte()
    {
        var prng = new Prng(5);
        var sample = StatusOf(1, _executor).Payload.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var payload = sample[..prng.Next(sample.Length + 1)];
            for (var changes = prng.Next(4); changes > 0 && payload.Length > 0; changes--)
                payload[prng.Next(Math.Min(payload.Length, 6))] = (byte)(prng.Chance(500) ? 0xCC + prng.Next(4) : prng.Next(256));
            AssertComesBack(CellOf(CellKind.Status, payload));
        }
    }

    [Fact]
    public void A_frame_of_version_1_is_read_and_one_of_a_later_version_is_not()
    {
        var bytes = Written([CellOf(CellKind.Result, [1, 2])]);
        Assert.Equal(DeltaFrameCodec.Version, bytes[1]);
        bytes[1] = 1;
        Assert.Single(Read(bytes).Cells);
        bytes[1] = DeltaFrameCodec.Version + 1;
        Assert.Throws<MessagePackSerializationException>(() => Read(bytes));
    }

    [Theory]
    [InlineData("93000101", 0)]
    [InlineData("94000101", 2)]
    [InlineData("940001", 0)]
    [InlineData("94C0C0C0", 0)]
    [InlineData("94CF0000", 0)]
    public void A_payload_that_lacks_no_executor_or_names_none_in_the_table_is_refused(string cut, int index)
    {
        var bytes = Written([CellOf(CellKind.Status, [0x94, 0, 1, 1, .. new byte[] { 0xCF, 1, 2, 3, 4, 5, 6, 7, 8 }])]);
        byte[] field = [0xC4, 4, 0x94, 0, 1, 1, 0];
        var at = bytes.AsSpan().IndexOf(field);
        Assert.InRange(at, 1, bytes.Length);
        var payload = Convert.FromHexString(cut);
        Assert.Single(Read(bytes).Cells);
        Assert.Throws<MessagePackSerializationException>(() =>
            Read([.. bytes[..at], 0xC4, (byte)payload.Length, .. payload, (byte)index, .. bytes[(at + field.Length)..]]));
    }

    private static void AssertComesBack(Cell cell)
    {
        var bytes = Written([cell]);
        var back = Assert.Single(Read(bytes).Cells);
        Assert.Equal(cell.Payload.ToArray(), back.Payload.ToArray());
        Assert.Equal((cell.Key, cell.Stamp, cell.Node, cell.Dot, cell.WideDigest), (back.Key, back.Stamp, back.Node, back.Dot, back.WideDigest));
        Assert.Equal(bytes, Written([back]));
    }

    private static byte[] Written(IReadOnlyList<Cell> cells) =>
        Encoding.Of((ref MessagePackWriter writer) => DeltaFrameCodec.Write(ref writer, DeltaFrame.Repair(17, cells, null)));

    private static DeltaFrame Read(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        return DeltaFrameCodec.Read(ref reader);
    }

    private static Cell StatusOf(ulong task, NodeId executor)
    {
        var detail = TaskStatusDetail.Empty with { Executor = executor, ExecutorEpoch = 1 };
        var status = new TaskStatus(0, TaskState.Claimed, 1, HlcTimestamp.From(1_700_000_000_000, (ushort)task), new NodeId(0x5EED_0000_0000_0002), detail);
        return CellOf(CellKind.Status, CellPayloads.Encode(status), task, status.Stamp);
    }

    private static Cell CellOf(CellKind kind, byte[] payload, ulong task = 0, HlcTimestamp stamp = default) =>
        new(new CellKey(new WorkflowId(17UL << 52, 1), kind, new Subkey(task)), stamp, new NodeId(0x5EED_0000_0000_0002), new Dot(77, task + 1), payload);
}
