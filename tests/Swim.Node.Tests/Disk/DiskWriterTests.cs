using System.Buffers.Binary;
using System.Collections.Concurrent;
using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Node.Disk;
using Xunit;

namespace Swim.Node.Tests.Disk;

public sealed class DiskWriterTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly CellLogOptions _logOptions = new() { SegmentBytes = 1 << 20 };

    private readonly TemporaryDirectory _directory = new();
    private readonly BlockingCollection<long> _persisted = [];
    private readonly BlockingCollection<Exception> _fatal = [];
    private readonly BlockingCollection<bool> _full = [];

    public void Dispose()
    {
        _directory.Dispose();
        _persisted.Dispose();
        _fatal.Dispose();
        _full.Dispose();
    }

    [Fact]
    public void Positions_become_durable_in_order_and_survive_a_restart()
    {
        using (var disk = LinuxDisk.OpenDirectory(_directory.Path))
        using (var writer = Start(disk))
        {
            for (var i = 1; i <= 1000; i++) Assert.Equal(i, writer.Append(Numbered(i)));
            AwaitPersisted(1000);
        }
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), Recover());
    }

    [Fact]
    public void What_arrives_during_a_sync_shares_the_next_one()
    {
        using var disk = new GatedDisk(LinuxDisk.OpenDirectory(_directory.Path));
        using var writer = Start(disk);
        disk.Gate.Reset();
        writer.Append(Numbered(1));
        Assert.True(disk.SyncWaits.Wait(_patience));
        for (var i = 2; i <= 500; i++) writer.Append(Numbered(i));
        Assert.Empty(_persisted);
        disk.Gate.Set();
        Assert.Equal(1, Next(_persisted));
        Assert.Equal(500, Next(_persisted));
    }

    [Fact]
    public void Records_of_several_threads_lie_in_the_order_of_their_positions()
    {
        var taken = new ConcurrentDictionary<long, long>();
        using (var disk = LinuxDisk.OpenDirectory(_directory.Path))
        using (var writer = Start(disk))
        {
            var threads = Enumerable.Range(0, 4).Select(thread => new Thread(() =>
            {
                for (var i = 0; i < 300; i++)
                {
                    var mine = (thread * 1000) + i;
                    taken[writer.Append(Numbered(mine))] = mine;
                }
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
        }
        Assert.Equal(Enumerable.Range(1, 1200).Select(position => taken[position]), Recover());
    }

    [Fact]
    public void A_full_queue_makes_the_appender_wait()
    {
        using var disk = new GatedDisk(LinuxDisk.OpenDirectory(_directory.Path));
        using var writer = Start(disk, new DiskWriterOptions { QueueRecordsMax = 4 });
        disk.Gate.Reset();
        writer.Append(Numbered(1));
        Assert.True(disk.SyncWaits.Wait(_patience));
        for (var i = 2; i <= 5; i++) writer.Append(Numbered(i));
        Assert.True(writer.IsCongested);
        var appender = new Thread(() => writer.Append(Numbered(6)));
        appender.Start();
        Assert.True(SpinWait.SpinUntil(() => appender.ThreadState.HasFlag(ThreadState.WaitSleepJoin), _patience));
        disk.Gate.Set();
        Assert.True(appender.Join(_patience));
        AwaitPersisted(6);
        Assert.False(writer.IsCongested);
    }

    [Fact]
    public void A_failed_sync_is_fatal_and_promises_nothing_more()
    {
        using var disk = new GatedDisk(LinuxDisk.OpenDirectory(_directory.Path));
        using var writer = Start(disk);
        writer.Append(Numbered(1));
        AwaitPersisted(1);
        disk.FailSync = new DiskSyncException("EIO");
        writer.Append(Numbered(2));
        Assert.Same(disk.FailSync, Next(_fatal));
        var refused = Assert.Throws<DiskWriterStoppedException>(() => writer.Append(Numbered(3)));
        Assert.Same(disk.FailSync, refused.InnerException);
        Assert.Empty(_persisted);
    }

    [Fact]
    public void Records_wait_for_a_full_disk_and_lose_no_place()
    {
        using (var disk = new GatedDisk(LinuxDisk.OpenDirectory(_directory.Path)))
        using (var writer = Start(disk, new DiskWriterOptions { FullRetryInterval = TimeSpan.FromMilliseconds(1) }))
        {
            disk.IsFull = true;
            for (var i = 1; i <= 10; i++) writer.Append(Numbered(i));
            Assert.True(Next(_full));
            Assert.Empty(_persisted);
            disk.IsFull = false;
            Assert.False(Next(_full));
            AwaitPersisted(10);
        }
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), Recover());
    }

    [Fact]
    public void Stopping_on_a_full_disk_gives_up_what_waits_and_nothing_takes_its_place()
    {
        using (var disk = new GatedDisk(LinuxDisk.OpenDirectory(_directory.Path)))
        using (var writer = Start(disk))
        {
            writer.Append(Numbered(1));
            AwaitPersisted(1);
            disk.IsFull = true;
            writer.Append(Numbered(2));
            Assert.True(Next(_full));
            writer.Append(Numbered(3));
        }
        Assert.Equal([1L], Recover());
        Assert.Empty(_fatal);
    }

    [Fact]
    public void Disposal_makes_durable_what_was_appended_and_refuses_more()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        var writer = Start(disk);
        for (var i = 1; i <= 100; i++) writer.Append(Numbered(i));
        writer.Dispose();
        Assert.Equal(100, _persisted.Last());
        Assert.Throws<DiskWriterStoppedException>(() => writer.Append(Numbered(101)));
    }

    [Fact]
    public void A_record_over_the_cap_is_refused_where_it_is_appended()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        using var writer = Start(disk);
        Assert.Throws<InvariantException>(() => writer.Append(new byte[CellLog.RecordBytesMax + 1]));
    }

    [Fact]
    public void Bounds_that_admit_nothing_are_named() =>
        Assert.Equal(3, new DiskWriterOptions { QueueRecordsMax = 0, QueueBytesMax = 0, FullRetryInterval = TimeSpan.Zero }.Validate().Count());

    private DiskWriter Start(IDisk disk, DiskWriterOptions? options = null)
    {
        var log = CellLog.Open(disk, _logOptions, _ => { }, out _);
        return new DiskWriter(log, options ?? new(), new DiskEvents(_persisted.Add, _fatal.Add, _full.Add));
    }

    private static T Next<T>(BlockingCollection<T> items)
    {
        Assert.True(items.TryTake(out var item, _patience), "nothing came");
        return item;
    }

    private void AwaitPersisted(long position)
    {
        for (var last = 0L; last < position;)
        {
            var next = Next(_persisted);
            Assert.InRange(next, last + 1, position);
            last = next;
        }
    }

    private List<long> Recover()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        var records = new List<long>();
        CellLog.Open(disk, _logOptions, record => records.Add(BinaryPrimitives.ReadInt64LittleEndian(record.Span)), out _).Dispose();
        return records;
    }

    private static byte[] Numbered(long number)
    {
        var record = new byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(record, number);
        return record;
    }
}
