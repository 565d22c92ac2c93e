using System.Collections.Concurrent;
using Swim.Core.Storage;
using Swim.Node.Disk;
using Xunit;

namespace Swim.Node.Tests.Disk;

public sealed class CheckpointWritingTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly CellLogOptions _options = new() { SegmentBytes = 4096, CheckpointBytes = 16_384 };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_log_that_is_written_to_without_end_stays_small_on_a_real_disk()
    {
        using (var disk = LinuxDisk.OpenDirectory(_directory.Path))
        {
            using var ended = new BlockingCollection<CheckpointStep>();
            using var due = new BlockingCollection<bool>();
            var log = CellLog.Open(disk, _options, _ => { }, out _);
            using var writer = new DiskWriter(log, new DiskWriterOptions(), new DiskEvents(_ => { }, failure => throw failure, _ => { })
            {
                OnCheckpointDue = () => due.Add(true),
                OnPieceWritten = ended.Add,
            });
            for (var round = 1; round <= 5; round++)
            {
                var position = AppendUntilDue(writer, due);
                writer.Write(Piece(position, 3) with { BeginsRound = true });
                Assert.Equal(CheckpointStep.Written, Next(ended));
                writer.Write(Piece(position, 64) with { EndsRound = true });
                Assert.Equal(CheckpointStep.Completed, Next(ended));
                Assert.InRange(writer.LogBytes, 1, 3 * 16_384);
                Assert.True(writer.CheckpointBytes > 0);
            }
        }

        Assert.InRange(Directory.EnumerateFiles(_directory.Path, "cells-*.log").Sum(static file => new FileInfo(file).Length), 1, 5 * 16_384);
        var buckets = new List<int>();
        using var again = LinuxDisk.OpenDirectory(_directory.Path);
        var receiver = LogReceiver.WithoutCheckpoint(_ => { }) with { OnMeta = _ => { }, OnBlock = (bucket, _) => buckets.Add(bucket) };
        CellLog.Open(again, _options, receiver, out var report).Dispose();
        Assert.Equal([3, 64], buckets);
        Assert.True(report.CheckpointPosition > 0 && report.LastPosition >= report.CheckpointPosition, $"{report}");
    }

    // Gives the position of the last record. Nobody is asked twice before the first answer.
    private static long AppendUntilDue(DiskWriter writer, BlockingCollection<bool> due)
    {
        for (var appended = 0; appended < 10_000; appended++)
        {
            var position = writer.Append(new byte[100]);
            if (!due.TryTake(out _)) continue;
            Assert.Empty(due);
            return position;
        }

        Assert.True(due.TryTake(out _, _patience), "no checkpoint was due");
        return writer.Append(new byte[100]);
    }

    private static CheckpointPiece Piece(long position, int bucket) =>
        new(position, position, Shards.Of(bucket), [new CheckpointBlock(bucket, new byte[] { 1, 2, 3 })]) { EndsShard = true, Meta = new byte[] { 4 } };

    private static T Next<T>(BlockingCollection<T> items)
    {
        Assert.True(items.TryTake(out var item, _patience), "nothing came");
        return item;
    }
}
