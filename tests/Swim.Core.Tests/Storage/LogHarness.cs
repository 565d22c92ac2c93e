using Swim.Core.Primitives;
using Swim.Core.Storage;

namespace Swim.Core.Tests.Storage;

/// <summary>Short forms for the log's tests: records as text, logs of small files.</summary>
internal static class LogHarness
{
    public static readonly CellLogOptions Small = new() { Owner = new NodeId(7), SegmentBytes = 512 };

    public const string FirstFile = "cells-0000000000000001.log";

    /// <summary>A record that names its ordinal, with a length that varies.</summary>
    public static byte[] Record(int ordinal)
    {
        var record = new byte[3 + (ordinal * 7 % 40)];
        for (var i = 0; i < record.Length; i++) record[i] = (byte)(ordinal + i);
        return record;
    }

    public static IEnumerable<byte[]> Records(int from, int to) => Enumerable.Range(from, to - from + 1).Select(Record);

    public static CellLog Open(IDisk disk, out List<byte[]> recovered, out RecoveryReport report, CellLogOptions? options = null)
    {
        var records = new List<byte[]>();
        var log = CellLog.Open(disk, options ?? Small, record => records.Add(record.ToArray()), out report);
        recovered = records;
        return log;
    }

    public static List<byte[]> Recover(IDisk disk, out RecoveryReport report, CellLogOptions? options = null)
    {
        Open(disk, out var recovered, out report, options).Dispose();
        return recovered;
    }

    /// <summary>A log with the records 1 to the last of <paramref name="flushAfter"/>, flushed after each ordinal named.</summary>
    public static MemoryDisk Written(CellLogOptions options, params int[] flushAfter)
    {
        var disk = new MemoryDisk();
        using var log = Open(disk, out _, out _, options);
        for (var ordinal = 1; ordinal <= flushAfter[^1]; ordinal++)
        {
            log.Append(Record(ordinal));
            if (flushAfter.Contains(ordinal)) log.Flush();
        }
        return disk;
    }

    /// <summary>Where the frame of record <paramref name="ordinal"/> starts in a log of one file.</summary>
    public static int OffsetOf(int ordinal) => SegmentHeader.Size + Records(1, ordinal - 1).Sum(record => LogHead.FrameSizeOf(record.Length, TouchedBuckets.Every));
}
