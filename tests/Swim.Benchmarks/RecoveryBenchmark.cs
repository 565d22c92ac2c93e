using System.Collections.Immutable;
using System.Diagnostics;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Storage;
using Swim.Core.Tests.Replication;
using Swim.Node.Disk;

namespace Swim.Benchmarks;

/// <summary>
/// How long a node takes to have its cells again after a start, from the records of its log and from a checkpoint, and what a live cell
/// takes in memory. On the disk of the directory given; its files are in the system's cache, as after a restart of the process.
/// </summary>
public sealed class RecoveryBenchmark(string directory)
{
    private const int CellCount = 1_000_000;
    private const int RecordCells = 64;
    private static readonly NodeId _self = new(1);
    private static readonly NodeId _other = new(2);
    private static readonly Now _now = new(TimeSpan.TicksPerSecond, 1_700_000_000_000);

    /// <summary>Each measure once.</summary>
    public IReadOnlyList<Measure> Run()
    {
        var records = Path.Combine(directory, "records");
        var checkpoint = Path.Combine(directory, "checkpoint");
        Write(records, isCheckpointed: false);
        Write(checkpoint, isCheckpointed: true);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (kernel, fromRecords) = Recover(records);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / CellCount;
        GC.KeepAlive(kernel);
        return
        [
            new Measure("recovery_s/1M_cells_of_records", fromRecords, "s", Better.Lower, 3),
            new Measure("recovery_s/1M_cells_of_checkpoint", Recover(checkpoint).Seconds, "s", Better.Lower, 3),
            new Measure("memory_bytes_per_cell", bytes, "B", Better.Lower, 300),
        ];
    }

    private static CellLogOptions Options => new() { Owner = _self };

    private static (StateKernel Kernel, ReplicaCore Replica) Kernel()
    {
        var replica = new ReplicaCore(new ReplicaSettings(_self, 7), new Prng(1));
        return (new StateKernel(_self, replica, new SchedulerCore(16)), replica);
    }

    private static void Write(string path, bool isCheckpointed)
    {
        using var disk = LinuxDisk.OpenDirectory(path);
        using var log = CellLog.Open(disk, Options, Kernel().Kernel.Receiver, out _);
        var (kernel, _) = Kernel();
        kernel.Start(_now);
        kernel.OnMembers(_now, Members());
        for (var first = 0; first < CellCount; first += RecordCells)
        {
            kernel.OnMessage(_now, _other, Frame(first));
            Append(kernel, log);
        }

        if (isCheckpointed) Checkpoint(kernel, log);
    }

    private static void Append(StateKernel kernel, CellLog log)
    {
        while (kernel.TryTake(out var output))
        {
            if (output is Persist persist) log.Append(persist.Record.Span);
        }

        log.Flush();
        kernel.OnPersisted(_now, log.DurablePosition);
    }

    private static void Checkpoint(StateKernel kernel, CellLog log)
    {
        CheckpointStep step;
        do step = log.Write(kernel.NextPiece());
        while (step == CheckpointStep.Written);
        if (step != CheckpointStep.Completed) throw new InvalidOperationException($"The checkpoint ended with {step}.");
        kernel.OnCheckpointEnded(true);
    }

    private static (StateKernel Kernel, double Seconds) Recover(string path)
    {
        using var disk = LinuxDisk.OpenDirectory(path);
        var watch = Stopwatch.StartNew();
        var (kernel, replica) = Kernel();
        using var log = CellLog.Open(disk, Options, kernel.Receiver, out _);
        var seconds = watch.Elapsed.TotalSeconds;
        if (replica.CellCount < CellCount) throw new InvalidOperationException($"Only {replica.CellCount} cells came back.");
        return (kernel, seconds);
    }

    private static MembersSnapshot Members() => new(1, new[] { _self, _other }.ToImmutableSortedDictionary(
        id => id, id => new MemberRecord(id, 1, 0, MemberState.Alive, new MemberMeta($"n{id.Value}", "h", 1, 2, 3, "", 16))), 1);

    private static PushCells Frame(int first)
    {
        var bucket = first / RecordCells % Buckets.Count;
        var from = ((ulong)(first / RecordCells / Buckets.Count) * RecordCells) + 1;
        var cells = Enumerable.Range(0, RecordCells).Select(i => RepairPair.CellOf(from + (ulong)i, bucket)).ToList();
        return new PushCells([new DeltaFrame(bucket, cells[0].Dot.Actor, from, from + RecordCells - 1, cells, null)]);
    }
}
