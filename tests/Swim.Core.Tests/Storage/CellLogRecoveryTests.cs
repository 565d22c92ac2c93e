using System.Buffers.Binary;
using Swim.Core.Primitives;
using Swim.Core.Storage;
using Xunit;
using static Swim.Core.Tests.Storage.LogHarness;

namespace Swim.Core.Tests.Storage;

public sealed class CellLogRecoveryTests
{
    private static readonly CellLogOptions _oneFile = Small with { SegmentBytes = 2048 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_truncation_point_leaves_exactly_the_whole_records(bool isPreallocated)
    {
        var bytes = Written(_oneFile, 1, 2, 6, 9)[FirstFile];
        for (var cut = SegmentHeader.Size; cut <= OffsetOf(10); cut++)
        {
            var whole = Enumerable.Range(1, 9).Count(ordinal => OffsetOf(ordinal + 1) <= cut);
            var disk = new MemoryDisk { [FirstFile] = isPreallocated ? [.. bytes[..cut], .. new byte[bytes.Length - cut]] : bytes[..cut] };
            Assert.Equal(Records(1, whole), Recover(disk, out var report, _oneFile));
            // A torn frame may end in zeros of its own, which cannot be told from the file's.
            var dropped = bytes.AsSpan(OffsetOf(whole + 1), cut - OffsetOf(whole + 1)).TrimEnd((byte)0).Length;
            Assert.Equal(dropped, report.DroppedBytes);
            Assert.Equal(dropped == 0 ? null : FirstFile, report.TornFile);
            Assert.Equal(Records(1, whole), Recover(disk, out var again, _oneFile));
            Assert.Equal(0, again.DroppedBytes);
        }
    }

    [Fact]
    public void Every_flipped_bit_in_the_last_record_is_found()
    {
        var written = Written(_oneFile, 3, 4);
        for (var bit = OffsetOf(4) * 8; bit < OffsetOf(5) * 8; bit++)
        {
            var disk = WithFlippedBit(written, bit);
            Assert.Equal(Records(1, 3), Recover(disk, out var report, _oneFile));
            Assert.InRange(report.DroppedBytes, 1, OffsetOf(5) - OffsetOf(4));
            Assert.Equal(OffsetOf(4), report.TornOffset);
        }
    }

    [Fact]
    public void Every_flipped_bit_in_a_record_that_a_later_one_proves_durable_is_reported_and_nothing_changed()
    {
        var written = Written(_oneFile, 2, 3, 4);
        for (var bit = OffsetOf(3) * 8; bit < OffsetOf(4) * 8; bit++)
        {
            var disk = WithFlippedBit(written, bit);
            var before = disk[FirstFile];
            var error = Assert.Throws<CorruptLogException>(() => Recover(disk, out _, _oneFile));
            Assert.Equal((FirstFile, OffsetOf(3)), (error.File, error.Offset));
            Assert.Contains(FirstFile, error.Message, StringComparison.Ordinal);
            Assert.Equal(before, disk[FirstFile]);
        }
    }

    [Fact]
    public void A_hole_in_the_last_flush_is_a_torn_tail()
    {
        var disk = WithFlippedBit(Written(_oneFile, 2, 5), OffsetOf(3) * 8);
        Assert.Equal(Records(1, 2), Recover(disk, out var report, _oneFile));
        Assert.Equal(OffsetOf(6) - OffsetOf(3), report.DroppedBytes);
    }

    [Fact]
    public void A_whole_frame_behind_a_hole_never_comes_back()
    {
        var disk = WithFlippedBit(Written(_oneFile, 2, 5), OffsetOf(3) * 8);
        using (var log = Open(disk, out _, out _, _oneFile))
        {
            // Of the length of the lost record, so that the old frame of record 4 would follow it directly.
            log.Append(new byte[Record(3).Length]);
            log.Flush();
        }
        Assert.Equal([.. Records(1, 2), new byte[Record(3).Length]], Recover(disk, out _, _oneFile));
    }

    [Fact]
    public void A_crash_while_a_torn_tail_is_cut_off_changes_nothing()
    {
        var torn = WithFlippedBit(Written(_oneFile, 2, 5), OffsetOf(3) * 8);
        for (var operations = 0; operations < 4; operations++)
        {
            var disk = torn.Copy();
            disk.OperationsLeft = operations;
            TryRecover(disk);
            disk.OperationsLeft = null;
            Assert.Equal(Records(1, 2), Recover(disk, out _, _oneFile));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_at_any_step_of_a_roll_over_loses_nothing_durable(bool isPrepared)
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk { OperationsLeft = operations };
            var (durable, isDone) = AppendUntilPlugPulled(disk, records: 30, isPrepared);
            disk.OperationsLeft = null;
            var recovered = Recover(disk, out _);
            Assert.InRange(recovered.Count, durable, 30);
            Assert.Equal(Records(1, recovered.Count), recovered);
            Assert.DoesNotContain(disk.List(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
            if (isDone) return;
        }
    }

    [Fact]
    public void Damage_or_a_cut_in_an_earlier_file_is_reported()
    {
        var written = Written(Small, 60);
        var names = written.List();
        var flipped = written.Copy();
        flipped[names[1]] = [.. flipped[names[1]].Select((value, i) => i == 60 ? (byte)(value ^ 1) : value)];
        Assert.Equal(names[1], Assert.Throws<CorruptLogException>(() => Recover(flipped, out _)).File);
        var cut = written.Copy();
        cut[names[1]] = [.. cut[names[1]].Take(100)];
        Assert.Equal(names[1], Assert.Throws<CorruptLogException>(() => Recover(cut, out _)).File);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_missing_file_is_reported(int missing)
    {
        var disk = Written(Small, 60);
        var names = disk.List();
        disk.Delete(names[missing]);
        Assert.ThrowsAny<CorruptLogException>(() => Recover(disk, out _));
    }

    [Fact]
    public void Without_what_came_before_it_a_file_is_reported_even_if_it_holds_no_record()
    {
        var disk = Written(Small, 60);
        var names = disk.List();
        foreach (var name in names.SkipLast(1)) disk.Delete(name);
        disk[names[^1]] = [.. disk[names[^1]].Take(SegmentHeader.Size), .. new byte[100]];
        var error = Assert.Throws<CorruptLogException>(() => Recover(disk, out _));
        Assert.Equal(names[^1], error.File);
        Assert.Contains("record 1 is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_under_the_name_of_another_is_reported_and_left_as_it_is()
    {
        var disk = Written(Small, 60);
        var names = disk.List();
        var bytes = disk[names[^1]] = disk[names[0]];
        var error = Assert.Throws<CorruptLogException>(() => Recover(disk, out _));
        Assert.Equal(names[^1], error.File);
        Assert.Equal(bytes, disk[names[^1]]);
    }

    [Fact]
    public void Another_format_version_is_refused_by_name()
    {
        var disk = Written(Small, 3);
        var bytes = disk[FirstFile];
        bytes[8] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32C.Of(bytes.AsSpan(16, SegmentHeader.Size - 16), Crc32C.Of(bytes.AsSpan(0, 12))));
        disk[FirstFile] = bytes;
        foreach (var accepts in new[] { false, true })
        {
            var error = Assert.Throws<LogFormatException>(() => Recover(disk, out _, Small with { AcceptsDamage = accepts }));
            Assert.Equal((FirstFile, 3U), (error.File, error.Found));
            Assert.Contains("format version 3", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_flipped_bit_in_a_file_header_is_found()
    {
        var written = Written(Small, 3);
        for (var bit = 0; bit < SegmentHeader.Size * 8; bit++)
        {
            var error = Xunit.Record.Exception(() => Recover(WithFlippedBit(written, bit), out _));
            Assert.True(error is CorruptLogException or LogFormatException, $"bit {bit}: {error}");
        }
    }

    [Fact]
    public void The_log_of_another_node_is_refused()
    {
        var disk = Written(Small, 3);
        var error = Assert.Throws<CorruptLogException>(() => Recover(disk, out _, Small with { Owner = new NodeId(8) }));
        Assert.Contains("0000000000000007", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_lies_costs_no_memory()
    {
        var bytes = Written(_oneFile, 3)[FirstFile];
        bytes.AsSpan(OffsetOf(3) + 4, 4).Fill(0x7F);
        var disk = new MemoryDisk { [FirstFile] = bytes };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(2, Recover(disk, out _, _oneFile).Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static MemoryDisk WithFlippedBit(MemoryDisk disk, int bit)
    {
        var copy = disk.Copy();
        var bytes = copy[FirstFile];
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        copy[FirstFile] = bytes;
        return copy;
    }

    private static void TryRecover(MemoryDisk disk)
    {
        try
        {
            Recover(disk, out _, _oneFile);
        }
        catch (PlugPulledException)
        {
            // That is what the test is about.
        }
    }

    private static (long Durable, bool IsDone) AppendUntilPlugPulled(MemoryDisk disk, int records, bool isPrepared = false)
    {
        var durable = 0L;
        try
        {
            using var log = Open(disk, out _, out _);
            for (var ordinal = 1; ordinal <= records; ordinal++)
            {
                log.Append(LogHarness.Record(ordinal));
                if (ordinal % 3 == 0) log.Flush();
                durable = log.DurablePosition;
                if (isPrepared) log.Prepare();
            }
            return (durable, true);
        }
        catch (PlugPulledException)
        {
            return (durable, false);
        }
    }
}
