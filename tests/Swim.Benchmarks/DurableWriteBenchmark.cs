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
using Swim.Node.Hosting;

namespace Swim.Benchmarks;

/// <summary>
/// How many cells a second one node makes durable for 64 writers, and how long each waits: a writer pushes a frame of 8 cells, what a
/// workflow of a few tasks writes at once, and the next when the first is acknowledged. Decoding, merging, the log's record, the
/// real disk writer and its sync are on the way, and the real node's loop; the network is not. Without a rate all writers write as fast as they are
/// answered, and the waits are those at the rate that this gives. With one each frame is due at its time, whatever became of those before, and its
/// wait counts from there.
/// </summary>
public sealed class DurableWriteBenchmark(string directory, int cellsPerSecond = 0) : IDisposable
{
    private const int Writers = 64;
    private const int FrameCells = 8;
    private const int FramesEach = 3_000;
    private const int WarmUpFramesEach = 1_000;
    private const int InputsMax = 4_096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly NodeId _self = new(1);
    private static readonly NodeTimer _pace = new(1, 0, 0);
    private readonly Queue<byte[]>[] _frames = [.. Enumerable.Range(0, Writers).Select(FramesOf)];
    private readonly long[] _dueAt = new long[Writers];
    private readonly bool[] _isAnswered = new bool[Writers];
    private readonly List<TimeSpan> _waits = [];
    private readonly StateKernel _kernel = new(_self, new ReplicaCore(new ReplicaSettings(_self, 7), new Prng(1)), new SchedulerCore(16));
    private readonly ManualResetEventSlim _ended = new();
    private InputLoop _loop = null!;
    private DiskWriter _writer = null!;
    private Exception? _failure;
    private Spent _atWarm, _atEnd;
    private TimeSpan _longestPause;
    private int _collections;
    private int _acks;

    /// <summary>Rate and waits, with what the disk allows at best: a sync for each round of all writers; and what the collector has to do with it.</summary>
    public IReadOnlyList<Measure> Run()
    {
        var syncMs = DiskSync.Measure(directory).At(0.5);
        Write();
        syncMs = Math.Min(syncMs, DiskSync.Measure(directory).At(0.5));
        // The ids of the closed loop are older.
        var rate = cellsPerSecond == 0 ? "" : $"_at_{cellsPerSecond / 1_000}k";
        var cells = (double)_waits.Count * FrameCells;
        var seconds = Stopwatch.GetElapsedTime(_atWarm.Timestamp, _atEnd.Timestamp).TotalSeconds;
        return
        [
            new Measure($"disk/fdatasync_p50_ms{rate}", syncMs, "ms", Better.Lower),
            new Measure($"durable_cells_per_s/w64{rate}", cells / seconds, "1/s", Better.Higher, 100_000, Writers * FrameCells * 1_000 / syncMs),
            new Measure($"durable_cells_p50_ms/w64{rate}", new Distribution(_waits).At(0.5), "ms", Better.Lower, Limit: syncMs),
            new Measure($"durable_cells_p99_ms/w64{rate}", new Distribution(_waits).At(0.99), "ms", Better.Lower, cellsPerSecond == 0 ? 5 : null, syncMs),
            new Measure($"durable_allocated_bytes_per_cell{rate}", (_atEnd.Allocated - _atWarm.Allocated) / cells, "B", Better.Lower),
            new Measure($"durable_collector_share{rate}", (_atEnd.Paused - _atWarm.Paused).TotalSeconds / seconds, "1", Better.Lower),
            new Measure($"durable_collector_pause_max_ms{rate}", _longestPause.TotalMilliseconds, "ms", Better.Lower),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    private void Write()
    {
        using var disk = LinuxDisk.OpenDirectory(Path.Combine(directory, "log"));
        var log = CellLog.Open(disk, new CellLogOptions { Owner = _self }, _kernel.Receiver, out var report);
        _kernel.OnRecovered(report.LastPosition);
        using var loop = _loop = new InputLoop("swim-state", InputsMax, ThreadPriority.Normal, (_, _) => SendDue(), OnFatal);
        using var writer = _writer = new DiskWriter(log, new DiskWriterOptions(), new DiskEvents(
            position => loop.Post(now => { _kernel.OnPersisted(now, position); Drain(); }), OnFatal, static _ => { }));
        loop.Post(Begin);
        loop.Start();
        for (var seen = -1; !_ended.Wait(Patience); seen = Volatile.Read(ref _acks))
        {
            if (seen == Volatile.Read(ref _acks)) throw new InvalidOperationException("Nothing becomes durable any more.");
        }

        if (_failure is not null) throw new IOException("The loop or the disk failed.", _failure);
    }

    private void Begin(Now now)
    {
        _kernel.Start(now);
        _kernel.OnMembers(now, Members());
        Drain();
        Array.Fill(_isAnswered, true);
        for (var index = 0; index < Writers; index++) _dueAt[index] = Stopwatch.GetTimestamp() + (index * Interval / Writers);
        SendDue();
    }

    // Between two frames of a writer.
    private long Interval => cellsPerSecond == 0 ? 0 : Stopwatch.Frequency * Writers * FrameCells / cellsPerSecond;

    private void Drain()
    {
        while (_kernel.TryTake(out var output))
        {
            if (output is Persist persist) _writer.Append(persist.Record, persist.Buckets);
            if (output is SendToPeer { Message: PushAck ack }) OnAck((int)ack.Actor - 1);
        }

        NotePause();
    }

    private void OnAck(int index)
    {
        if (++_acks > Writers * WarmUpFramesEach) _waits.Add(Stopwatch.GetElapsedTime(_dueAt[index]));
        if (_acks == Writers * WarmUpFramesEach) _atWarm = Spent.Now;
        if (_acks == Writers * FramesEach) End();
        _isAnswered[index] = true;
        _dueAt[index] = cellsPerSecond == 0 ? Stopwatch.GetTimestamp() : _dueAt[index] + Interval;
        if (_dueAt[index] <= Stopwatch.GetTimestamp()) Send(index);
    }

    private void End()
    {
        _atEnd = Spent.Now;
        _ended.Set();
    }

    private void SendDue()
    {
        var now = Stopwatch.GetTimestamp();
        for (var index = 0; index < Writers; index++)
        {
            if (_isAnswered[index] && _dueAt[index] <= now) Send(index);
        }

        if (cellsPerSecond > 0) _loop.SetTimer(_pace, HostClock.Now.Ticks + Swim.Core.Primitives.Now.TicksPerMs);
    }

    private void Send(int index)
    {
        if (!_frames[index].TryDequeue(out var frame)) return;
        _isAnswered[index] = false;
        _loop.Post(now =>
        {
            if (!PeerCodec.TryDecode(frame, out var message)) throw new InvalidOperationException("A frame is not read back.");
            _kernel.OnMessage(now, WriterOf(index), message!);
            Drain();
        });
    }

    private void NotePause()
    {
        if (_atWarm.Timestamp == 0 || GC.CollectionCount(0) == _collections) return;
        _collections = GC.CollectionCount(0);
        var last = GC.GetGCMemoryInfo(GCKind.Any);
        foreach (var pause in last.PauseDurations) _longestPause = pause > _longestPause ? pause : _longestPause;
    }

    private void OnFatal(Exception failure)
    {
        _failure = failure;
        _ended.Set();
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

    // By all threads of the process.
    private readonly record struct Spent(long Timestamp, long Allocated, TimeSpan Paused)
    {
        public static Spent Now => new(Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
    }
}
