using System.Buffers;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Report, states and results kept depend on which cells there are, never on the order in which they came.</summary>
public sealed class MergeReportProperties
{
    private static readonly WorkflowId Workflow = new(1, 2);

    [Theory]
    [InlineData("accept")]
    [InlineData("rerun")]
    [InlineData("fail")]
    public void Whatever_order_the_cells_of_both_sides_come_in_report_and_states_are_the_same(string policy)
    {
        var split = new FlippedSplit(policy);
        split.RunApart();
        var cells = split.Holders.SelectMany(node => split.Cells(node).All).ToList();
        Assert.Contains(cells, cell => cell.Key.Kind == CellKind.Inputs);
        var expected = Shape(split.Id, cells);
        var prng = new Prng(17);
        for (var round = 0; round < 200; round++)
        {
            var order = cells.Concat(cells.Where(_ => prng.Chance(200))).ToArray();
            prng.Shuffle(order);
            Assert.Equal(expected, Shape(split.Id, order));
        }

        Assert.NotEqual("C0", expected.Report);
    }

    [Fact]
    public void Of_many_results_of_one_task_every_replica_keeps_the_same_sixteen_with_the_winner()
    {
        var prng = new Prng(5);
        for (var round = 0; round < 100; round++)
        {
            var cells = Enumerable.Range(1, 40).Select(seq => ResultOf((ulong)seq, prng.Next(3), prng.Next(10), prng.Next(3))).ToArray();
            var winner = cells.Min(RunOrder.OfResults)!;
            var (digest, kept) = Kept(cells);
            Assert.Equal(ResultValue.PerTaskMax, kept.Count);
            Assert.Contains(kept, cell => cell.SameAs(winner));
            prng.Shuffle(cells);
            var again = Kept(cells);
            Assert.Equal(digest, again.Digest);
            Assert.Equal(kept.Select(static cell => cell.Dot), again.Kept.Select(static cell => cell.Dot));
        }
    }

    [Fact]
    public void Results_over_the_cap_are_counted_and_other_tasks_keep_theirs()
    {
        var bucket = new Bucket(0);
        for (var seq = 1; seq <= 20; seq++) bucket.Merge(ResultOf((ulong)seq, 0, 100 - seq, 0));
        bucket.Merge(ResultOf(21, 0, 5, 0, task: 1));

        Assert.Equal((4, 17), (bucket.CappedCount, bucket.CellCount));
        Assert.Equal(17, bucket.Cells.Count());
        Assert.Equal(bucket.Cells.Aggregate((UInt128)0, static (sum, cell) => unchecked(sum + cell.WideDigest)), bucket.Digest);
    }

    [Fact]
    public void Records_of_what_was_given_that_name_no_task_of_the_workflow_are_harmless()
    {
        var split = new FlippedSplit("rerun");
        split.RunApart();
        var cells = split.Holders.SelectMany(node => split.Cells(node).All).ToList();
        var strange = RunPayloads.Encode(new InputsValue(new NodeId(1), [new TaskInput(7, new Dot(3, 4), 5), new TaskInput(int.MaxValue, new Dot(3, 7), 9)]));
        var twisted = cells.Select(cell => cell.Key.Kind != CellKind.Inputs ? cell : new Cell(cell.Key, cell.Stamp, cell.Node, cell.Dot, strange)).ToList();
        var outside = new Cell(new CellKey(split.Id, CellKind.Inputs, new Subkey(ulong.MaxValue, ulong.MaxValue, 1)), cells[0].Stamp, cells[0].Node, new Dot(9, 1), strange);
        Assert.True(outside.TryCheck());
        Assert.Equal(Shape(split.Id, cells).States, Shape(split.Id, [.. twisted, outside]).States);
    }

    [Fact]
    public void A_result_under_a_dot_that_is_not_its_own_is_refused()
    {
        var cell = ResultOf(3, 0, 1, 0);
        Assert.True(cell.TryCheck());
        Assert.False(new Cell(cell.Key, cell.Stamp, cell.Node, new Dot(5, 4), cell.Payload).TryCheck());
        Assert.False(new Cell(new CellKey(Workflow, CellKind.Result, CellPayloads.ResultKey(WorkflowLimits.TasksMax, cell.Dot)), cell.Stamp, cell.Node, cell.Dot, cell.Payload).TryCheck());
    }

    private static (string States, string Report, UInt128 Digest) Shape(WorkflowId id, IEnumerable<Cell> cells)
    {
        var bucket = new Bucket(Swim.Core.Ring.Buckets.BucketOf(id.Place));
        foreach (var cell in cells) bucket.Merge(cell);
        var held = bucket.Find(id)!;
        var run = held.Run!;
        var states = string.Join(' ', run.Definition.Tasks.Select(task => $"{run[task.Index]} {held.WinnerOf(task.Index)?.Dot}"));
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        MergeReportCodec.Write(ref writer, held.Merges);
        writer.Flush();
        var reader = new MessagePackReader(buffer.WrittenMemory);
        Assert.NotNull(MergeReportCodec.Read(ref reader));
        Assert.True(reader.End);
        return (states, Convert.ToHexString(buffer.WrittenSpan), bucket.Digest);
    }

    private static (UInt128 Digest, List<Cell> Kept) Kept(IEnumerable<Cell> cells)
    {
        var bucket = new Bucket(0);
        foreach (var cell in cells) bucket.Merge(cell);
        return (bucket.Digest, [.. bucket.Cells]);
    }

    private static Cell ResultOf(ulong seq, int generation, int stampMs, int node, int task = 0)
    {
        var dot = new Dot(5, seq);
        var payload = RunPayloads.Encode(new ResultValue(generation, 1, new NodeId(9), seq, Blob.Of(new byte[] { (byte)'1' })));
        return new Cell(new CellKey(Workflow, CellKind.Result, CellPayloads.ResultKey(task, dot)), HlcTimestamp.From(1_000 + stampMs, 0), new NodeId((ulong)node + 1), dot, payload);
    }
}
