using System.Collections.Concurrent;
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
/// How many cells a second one node makes durable for 64 writers, and how long each waits: a writer pushes a frame of 8 cells, what a
/// workflow of a few tasks writes at once, and the next when the first is acknowledged. Decoding, merging, the log's record, the
/// real disk writer and its sync are on the way, the network is not. The node's loop is one thread, as in the real node. A closed loop: all
/// writers write as fast as they are answered, and the waits are those at the rate that this gives.
/// </summary>
public sealed class DurableWriteBenchmark(string directory)
{
    private const int Writers = 64;
    private const int FrameCells = 8;
    private const int FramesEach = 3_000;
    private const int WarmUpFramesEach = 1_000;
    private static readonly NodeId _self = new(1);
    private readonly BlockingCollection<Action> _inputs = [];
    private readonly Queue<byte[]>[] _frames = [.. Enumerable.Range(0, Writers).Select(FramesOf)];
    private readonly long[] _sentAt = new long[Writers];
    private readonly List<TimeSpan> _waits = [];
    private readonly StateKernel _kernel = new(_self, new ReplicaCore(new ReplicaSettings(_self, 7), new Prng(1)), new SchedulerCore(16));
    private TimeSpan _longestPause;
    private int _collections;
    private long _origin;
    private int _acks;

    /// <summary>Rate and waits, with what the disk allows at best: a sync for each round of all writers; and the collector's longest pause.</summary>
    public IReadOnlyList<Measure> Run()
    {
        var syncMs = DiskSync.Measure(directory).At(0.5);
        var seconds = Write();
        syncMs = Math.Min(syncMs, DiskSync.Measure(directory).At(0.5));
        return
        [
            new Measure("disk/fdatasync_p50_ms", syncMs, "ms", Better.Lower),
            new Measure("durable_cells_per_s/w64", _waits.Count * FrameCells / seconds, "1/s", Better.Higher, 100_000, Writers * FrameCells * 1_000 / syncMs),
            new Measure("durable_cells_p50_ms/w64", new Distribution(_waits).At(0.5), "ms", Better.Lower, Limit: syncMs),
            new Measure("durable_cells_p99_ms/w64", new Distribution(_waits).At(0.99), "ms", Better.Lower, 5, syncMs),
            new Measure("durable_collector_pause_max_ms", _longestPause.TotalMilliseconds, "ms", Better.Lower),
        ];
    }

    private double Write()
    {
        using var disk = LinuxDisk.OpenDirectory(Path.Combine(directory, "durable"));
        var log = CellLog.Open(disk, new CellLogOptions { Owner = _self }, _kernel.Receiver, out var report);
        _kernel.OnRecovered(report.LastPosition);
        using var writer = new DiskWriter(log, new DiskWriterOptions(), new DiskEvents(
            position => _inputs.Add(() => _kernel.OnPersisted(Now(), position)), failure => _inputs.Add(() => throw new IOException("The disk failed.", failure)), static _ => { }));
        _kernel.Start(Now());
        _kernel.OnMembers(Now(), Members());
        for (var index = 0; index < Writers; index++) Send(index);
        Stopwatch? watch = null;
        while (_acks < Writers * FramesEach)
        {
            if (!_inputs.TryTake(out var input, TimeSpan.FromSeconds(30))) throw new InvalidOperationException("Nothing becomes durable any more.");
            input();
            Drain(writer);
            if (watch is not null) NotePause();
            if (_acks >= Writers * WarmUpFramesEach) watch ??= Stopwatch.StartNew();
        }

        return watch!.Elapsed.TotalSeconds;
    }

    private void NotePause()
    {
        if (GC.CollectionCount(0) == _collections) return;
        _collections = GC.CollectionCount(0);
        var last = GC.GetGCMemoryInfo(GCKind.Any);
        foreach (var pause in last.PauseDurations) _longestPause = pause > _longestPause ? pause : _longestPause;
    }

    private void Drain(DiskWriter writer)
    {
        while (_kernel.TryTake(out var output))
        {
            if (output is Persist persist) writer.Append(persist.Record);
            if (output is SendToPeer { Message: PushAck ack }) OnAck((int)ack.Actor - 1);
        }
    }

    private void OnAck(int index)
    {
        if (++_acks > Writers * WarmUpFramesEach) _waits.Add(Stopwatch.GetElapsedTime(_sentAt[index]));
        if (_frames[index].Count > 0) Send(index);
    }

    private void Send(int index)
    {
        _sentAt[index] = Stopwatch.GetTimestamp();
        var frame = _frames[index].Dequeue();
        _inputs.Add(() =>
        {
            if (!PeerCodec.TryDecode(frame, out var message)) throw new InvalidOperationException("A frame is not read back.");
            _kernel.OnMessage(Now(), WriterOf(index), message!);
        });
    }

    private Now Now()
    {
        if (_origin == 0) _origin = Stopwatch.GetTimestamp();
        var elapsed = Stopwatch.GetElapsedTime(_origin);
        return new Now(TimeSpan.TicksPerSecond + elapsed.Ticks, 1_700_000_000_000 + (long)elapsed.TotalMilliseconds);
    }

    private static NodeId WriterOf(int index) => new((ulong)index + 2);

    // Each writes in a bucket of its own, under an actor of its own.
    private static Queue<byte[]> FramesOf(int index) => new(Enumerable.Range(0, FramesEach).Select(number =>
    {
        var (actor, from) = ((ulong)index + 1, ((ulong)number * FrameCells) + 1);
        var cells = Enumerable.Range(0, FrameCells).Select(i => RepairPair.CellOf(from + (ulong)i, BucketOf(index))).Select(cell => new Cell(cell.Key, cell.Stamp, WriterOf(index), cell.Dot with { Actor = actor }, cell.Payload));
        return PeerCodec.Encode(new PushCells([new DeltaFrame(BucketOf(index), actor, from, from + FrameCells - 1, [.. cells], null)]));
    }));

    private static int BucketOf(int index) => index * Buckets.Count / Writers;

    private static MembersSnapshot Members() => new(1, Enumerable.Range(1, 2).Select(static id => new NodeId((ulong)id)).ToImmutableSortedDictionary(
        id => id, id => new MemberRecord(id, 1, 0, MemberState.Alive, new MemberMeta($"n{id.Value}", "h", 1, 2, 3, "", 16))), 1);
}
