using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Tests.Replication;
using Swim.Core.Workflows;
using TaskStatus = Swim.Core.Crdt.TaskStatus;

namespace Swim.Benchmarks;

/// <summary>
/// What repair costs in bytes, encoded, without the cells themselves, and how fast cells are decoded and merged on one core. Two
/// replicas in one process, virtual time: the bytes do not depend on the machine.
/// </summary>
public static class StateBenchmark
{
    private const int InBucket = 10_000;
    private const int Scattered = 10_000;
    private const int ScatteredOver = 1_000_000;
    private const int MergeCells = 400_000;
    private const int FrameCells = 64;
    private const int StatusCells = 64;

    /// <summary>Every measure once; those of time as the best of a few runs.</summary>
    public static IReadOnlyList<Measure> Run() =>
    [
        Lower("sync_bytes_per_round/idle", Idle(), 64),
        Lower("sync_bytes_one_bucket", OneOfAllBuckets(), 2_000),
        Lower("sync_bytes_per_difference/d100", OneBucket(isExplained: true), 40),
        Lower("sync_bytes_per_difference/d100_symbols", OneBucket(isExplained: false), 40),
        Lower("sync_bytes_per_difference/d10000_of_1M", Many(isExplained: true), 200),
        Lower("sync_bytes_per_difference/d10000_of_1M_symbols", Many(isExplained: false), 200),
        Lower("push_bytes_per_status_cell", StatusCell(), 20),
        new Measure("merge_cells_per_s", Enumerable.Range(0, 5).Max(static _ => Merge()), "1/s", Better.Higher, 1_000_000),
    ];

    private static Measure Lower(string id, double value, double target) => new(id, value, "B", Better.Lower, target);

    private static double Idle()
    {
        var pair = new RepairPair();
        for (var side = 0; side < 2; side++) pair.Push(side, Cells(RepairPair.Bucket, InBucket), InBucket);
        pair.Reset();
        pair.RunFor(60_000);
        return (double)pair.Bytes / pair.Rounds;
    }

    // One write in one of all buckets, none of which is empty.
    private static double OneOfAllBuckets()
    {
        var pair = new RepairPair();
        for (var bucket = 0; bucket < Buckets.Count; bucket++) Fill(pair, bucket, 10, bucket == Buckets.Count / 3 ? 1 : 0, isExplained: true);
        return PerDifference(pair, 1);
    }

    // Explained: one has not seen the writes. Not explained: both have seen all, and each lacks half of the cells that differ.
    private static double OneBucket(bool isExplained)
    {
        var pair = new RepairPair();
        Fill(pair, RepairPair.Bucket, InBucket, 100, isExplained);
        return PerDifference(pair, 100);
    }

    private static double Many(bool isExplained)
    {
        var pair = new RepairPair();
        var differences = 0;
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            var ours = ((bucket + 1) * Scattered / Buckets.Count) - differences;
            Fill(pair, bucket, ((bucket + 1) * (ScatteredOver / 64) / (Buckets.Count / 64)) - (bucket * (ScatteredOver / 64) / (Buckets.Count / 64)), ours, isExplained);
            differences += ours;
        }

        return PerDifference(pair, differences);
    }

    private static void Fill(RepairPair pair, int bucket, int count, int differences, bool isExplained)
    {
        var all = Cells(bucket, count);
        var mine = isExplained ? differences : differences / 2;
        pair.Push(0, all[..^mine], (ulong)(isExplained ? count - mine : count), bucket);
        pair.Push(1, all[(differences - mine)..], (ulong)count, bucket);
    }

    private static double PerDifference(RepairPair pair, int differences)
    {
        pair.Reset();
        if (!pair.RunUntilEqual()) throw new InvalidOperationException("The replicas did not become equal.");
        if (pair.CellsSent != differences) throw new InvalidOperationException($"{pair.CellsSent} cells were sent for {differences} differences.");
        return (double)pair.Bytes / differences;
    }

    // Claims of one workflow's tasks, a batch as a planner writes it for a wide layer.
    private static double StatusCell()
    {
        var workflow = new WorkflowId(1UL << 52, 1);
        var cells = Enumerable.Range(0, StatusCells).Select(task => StatusCellOf(workflow, task)).ToList();
        var frame = new DeltaFrame(Buckets.BucketOf(workflow.Place), 77, 1, StatusCells, cells, null);
        return (double)PeerCodec.Encode(new PushCells([frame])).Length / StatusCells;
    }

    private static Cell StatusCellOf(WorkflowId workflow, int task)
    {
        var stamp = HlcTimestamp.From(1_700_000_000_000, (ushort)task);
        var detail = TaskStatusDetail.Empty with { Executor = new NodeId(0x5EED_0000_0000_0001), ExecutorEpoch = 1 };
        var status = new TaskStatus(0, TaskState.Claimed, 1, stamp, new NodeId(0x5EED_0000_0000_0002), detail);
        return new Cell(new CellKey(workflow, CellKind.Status, new Subkey((ulong)task)), stamp, status.Node, new Dot(77, (ulong)task + 1), CellPayloads.Encode(status));
    }

    private static double Merge()
    {
        var frames = new List<byte[]>();
        for (var first = 0; first < MergeCells; first += FrameCells)
        {
            var bucket = first / FrameCells % Buckets.Count;
            var from = ((ulong)(first / FrameCells / Buckets.Count) * FrameCells) + 1;
            var cells = Enumerable.Range(0, FrameCells).Select(i => RepairPair.CellOf(from + (ulong)i, bucket)).ToList();
            frames.Add(PeerCodec.Encode(new PushCells([new DeltaFrame(bucket, cells[0].Dot.Actor, from, from + FrameCells - 1, cells, null)])));
        }

        var pair = new RepairPair();
        GC.Collect();
        // Of the whole process, its collector included, and not of the clock: what one core does is no less where others use it too.
        var before = Environment.CpuUsage.TotalTime;
        foreach (var frame in frames)
        {
            if (!PeerCodec.TryDecode(frame, out var message)) throw new InvalidOperationException("A frame is not read back.");
            pair.Take(0, message!);
        }

        var seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        if (pair[0].CellCount != frames.Count * FrameCells) throw new InvalidOperationException("Not all cells were merged.");
        return pair[0].CellCount / seconds;
    }

    private static Cell[] Cells(int bucket, int count) => [.. Enumerable.Range(1, count).Select(seq => RepairPair.CellOf((ulong)seq, bucket))];
}
