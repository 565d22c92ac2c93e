using System.Text;
using Swim.Core.Primitives;
using Swim.Core.Storage;
using Xunit;
using static Swim.Core.Tests.Storage.LogHarness;

namespace Swim.Core.Tests.Storage;

public sealed class CellLogTests
{
    private static readonly CellLogOptions _large = Small with { SegmentBytes = 1 << 20 };

    [Fact]
    public void Records_come_back_in_order_over_many_files()
    {
        var disk = Written(Small, 1, 2, 10, 11, 40, 100);
        Assert.True(disk.List().Count > 5);
        Assert.Equal(Records(1, 100), Recover(disk, out var report));
        Assert.Equal(new RecoveryReport(disk.List().Count, 100, 0, null, 0, report.Bytes) { Replayed = 100 }, report);
    }

    [Fact]
    public void The_bytes_in_use_are_counted_over_all_files_and_come_back()
    {
        var disk = new MemoryDisk();
        long bytes;
        using (var log = Open(disk, out _, out _, Small))
        {
            bytes = log.Bytes;
            for (var i = 1; i <= 50; i++)
            {
                log.Append(Record(i));
                log.Flush();
                Assert.True(log.Bytes - bytes >= Record(i).Length, "a record takes its room");
                bytes = log.Bytes;
            }
        }

        Assert.True(disk.List().Count > 1);
        Recover(disk, out var report);
        Assert.Equal(bytes, report.Bytes);
        using var again = Open(disk, out _, out _, Small);
        Assert.Equal(bytes, again.Bytes);
    }

    [Fact]
    public void Positions_are_ordinals_and_go_on_after_a_restart()
    {
        var disk = Written(Small, 30);
        using var log = Open(disk, out _, out _);
        Assert.Equal(30, log.DurablePosition);
        Assert.Equal(31, log.Append(Record(31)));
        Assert.Equal(30, log.DurablePosition);
        log.Flush();
        Assert.Equal(31, log.DurablePosition);
        Assert.Equal(Records(1, 31), Recover(disk, out _));
    }

    [Fact]
    public void Many_records_take_one_sync()
    {
        var disk = new MemoryDisk();
        using var log = Open(disk, out _, out _, _large);
        var before = disk.Syncs;
        for (var i = 1; i <= 1000; i++) log.Append(Record(i));
        log.Flush();
        log.Flush();
        Assert.Equal(before + 1, disk.Syncs);
    }

    [Fact]
    public void What_waits_for_a_flush_is_bounded()
    {
        using var log = Open(new MemoryDisk(), out _, out _, _large with { PendingBytesMax = 200 });
        for (var i = 1; i <= 50; i++) log.Append(new byte[60]);
        Assert.InRange(log.Position - log.DurablePosition, 1, 2);
    }

    [Fact]
    public void Empty_and_longest_records_are_kept()
    {
        var disk = new MemoryDisk();
        byte[][] records = [[], new byte[CellLog.RecordBytesMax], [1]];
        for (var i = 0; i < records[1].Length; i++) records[1][i] = (byte)(i * 31 >> 4);
        using (var log = Open(disk, out _, out _))
        {
            foreach (var record in records) log.Append(record);
            log.Flush();
            Assert.Throws<InvariantException>(() => log.Append(new byte[CellLog.RecordBytesMax + 1]));
        }
        Assert.Equal(records, Recover(disk, out _));
    }

    [Fact]
    public void Files_of_others_in_the_directory_are_left_alone()
    {
        var disk = Written(Small, 3);
        disk["node-id"] = [1, 2];
        disk["cells-000000000000000g.log"] = [3];
        Assert.Equal(3, Recover(disk, out _).Count);
        Assert.Equal(3, disk.List().Count);
    }

    [Fact]
    public void A_full_disk_refuses_a_record_and_takes_it_later()
    {
        var disk = Written(Small, 1);
        using (var log = Open(disk, out _, out _))
        {
            disk.FailCreate = new DiskFullException("full");
            var taken = 1;
            Assert.Throws<DiskFullException>(() => { for (; taken < 100; taken++) log.Append(Record(taken + 1)); });
            Assert.Equal(taken, log.DurablePosition);
            Assert.Equal(taken + 1, log.Append(Record(taken + 1)));
            log.Flush();
        }
        var recovered = Recover(disk, out _);
        Assert.Equal(Records(1, recovered.Count), recovered);
    }

    [Fact]
    public void The_next_file_grows_in_step_with_the_last_half_of_this_one()
    {
        const int fileBytes = 6 << 20;
        var disk = new MemoryDisk();
        using var log = Open(disk, out _, out _, Small with { SegmentBytes = fileBytes });
        var before = 0;
        while (log.Bytes + 100_100 < fileBytes)
        {
            log.Append(new byte[100_000]);
            log.Flush();
            log.Prepare();
            if (log.Bytes <= fileBytes / 2) Assert.Equal(0, Unfinished(disk));
            Assert.InRange(Unfinished(disk) - before, 0, NextSegment.PieceBytes);
            before = Unfinished(disk);
        }

        Assert.Equal(fileBytes, before);
        log.Append(new byte[100_000]);
        Assert.Equal(2, disk.List().Count);
        Assert.Equal(fileBytes, disk[disk.List()[1]].Length);
    }

    [Fact]
    public void Preparing_takes_no_space_that_a_record_needs()
    {
        var disk = new MemoryDisk();
        var refusals = 0;
        using (var log = Open(disk, out _, out _))
        {
            for (var i = 1; i <= 100; i++)
            {
                log.Append(Record(i));
                log.Flush();
                if (i % 2 == 0) disk.FailCreate = new DiskFullException("full");
                else disk.FailSync = new DiskFullException("full");
                log.Prepare();
                if (disk is { FailCreate: null, FailSync: null }) refusals++;
                (disk.FailCreate, disk.FailSync) = (null, null);
                Assert.DoesNotContain(Segment.NextName, disk.List());
            }
        }

        Assert.True(refusals > 5, $"{refusals}");

        Assert.Equal(Records(1, 100), Recover(disk, out _));
    }

    [Fact]
    public void A_record_longer_than_a_file_does_not_take_the_one_prepared()
    {
        var disk = new MemoryDisk();
        byte[][] records = [new byte[400], new byte[2_000], [1]];
        using (var log = Open(disk, out _, out _))
        {
            foreach (var record in records)
            {
                log.Append(record);
                log.Flush();
                log.Prepare();
            }
        }

        Assert.Equal(records, Recover(disk, out _));
    }

    [Fact]
    public void After_a_failed_sync_nothing_is_durable_and_the_log_is_unusable()
    {
        var disk = Written(Small, 1);
        using var log = Open(disk, out _, out _);
        log.Append(Record(2));
        disk.FailSync = new DiskSyncException("EIO");
        Assert.Throws<DiskSyncException>(log.Flush);
        Assert.Equal(1, log.DurablePosition);
        Assert.Throws<InvariantException>(log.Flush);
        Assert.Throws<InvariantException>(() => log.Append(Record(3)));
    }

    [Fact]
    public void The_format_on_disk_does_not_change_unnoticed()
    {
        var bytes = Written(Small, 2, 5)[FirstFile];
        Assert.Equal("5357494D43454C4C02000000", Convert.ToHexString(bytes[..12]));
        Assert.Equal(4789565681376218541UL, StableHash.Of(bytes));
    }

    [Fact]
    public void The_checksum_is_Castagnolis()
    {
        Assert.Equal(0xE3069283, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32]));
    }

    private static int Unfinished(MemoryDisk disk) => disk.List().Contains(Segment.NextName) ? disk[Segment.NextName].Length : 0;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(31, 0)]
    [InlineData((1 << 30) + 1, 0)]
    [InlineData(4096, -1)]
    public void Options_out_of_range_are_named(int segmentBytes, int pendingBytesMax) =>
        Assert.Single(new CellLogOptions { SegmentBytes = segmentBytes, PendingBytesMax = pendingBytesMax }.Validate());
}
