using Swim.Core.Primitives;
using Swim.Core.Storage;
using Xunit;
using static Swim.Core.Tests.Storage.LogHarness;

namespace Swim.Core.Tests.Storage;

/// <summary>
/// Whatever lies on the disk: opening the log gives the first so many records as they were written and nothing else, or says which file
/// is damaged and changes none.
/// </summary>
public sealed class LogFuzzTests
{
    private const int Last = 40;

    private static readonly CellLogOptions _oneFile = Small with { SegmentBytes = 4096 };

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void Damage_of_any_kind_leaves_the_first_records_or_is_reported(ulong seed, bool isOneFile)
    {
        var (prng, options, lengths, reported) = (new Prng(seed), isOneFile ? _oneFile : Small, new HashSet<int>(), 0);
        var written = Written(options, 3, 9, 10, 22, 35, Last);
        for (var round = 0; round < 1_500; round++)
        {
            var disk = written.Copy();
            for (var damages = 1 + prng.Next(3); damages > 0; damages--) Damage(disk, prng);
            if (RecoveredOrReported(disk, options) is { } count) lengths.Add(count);
            else reported++;
        }

        Assert.True(lengths.Count > 4, $"only {lengths.Count} lengths were met");
        Assert.InRange(reported, 100, 1_400);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_bytes_are_no_records(ulong seed)
    {
        var prng = new Prng(seed);
        var header = Written(_oneFile, 1)[FirstFile].AsSpan(0, SegmentHeader.Size).ToArray();
        for (var round = 0; round < 1_000; round++)
        {
            var bytes = Random(prng, prng.Next(3_000));
            if (prng.Chance(700)) header.AsSpan(0, Math.Min(header.Length, bytes.Length)).CopyTo(bytes);
            Assert.True(RecoveredOrReported(new MemoryDisk { [FirstFile] = bytes }, _oneFile) is null or 0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_frame_that_lies_under_a_valid_checksum_is_not_taken_for_a_record_and_costs_no_memory(ulong seed)
    {
        var prng = new Prng(seed);
        var written = Written(_oneFile, 3, 6)[FirstFile];
        var seedOfFile = new SegmentHeader(_oneFile.Owner, 1).Seed;
        long[] positions = [0, -1, 6, 8, 1_000, long.MaxValue, long.MinValue];
        var cutOff = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var bytes = written.ToArray();
            var payload = Random(prng, prng.Next(50));
            LogHead.Write(bytes.AsSpan(OffsetOf(7)), seedOfFile, positions[prng.Next(positions.Length)], (uint)prng.NextUInt64() >> prng.Next(32), payload, TouchedBuckets.Every);
            if (prng.Chance(300)) bytes.AsSpan(OffsetOf(7) + 4, 4).Fill((byte)prng.NextUInt64());
            var before = GC.GetAllocatedBytesForCurrentThread();
            var count = RecoveredOrReported(new MemoryDisk { [FirstFile] = bytes }, _oneFile);
            Assert.True(count is null or 6);
            cutOff += count is null ? 0 : 1;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }

        // The others were reported: a frame behind the hole that says that what is missing was durable.
        Assert.InRange(cutOff, 100, 990);
    }

    // How many records came back, each as it was written; null when damage was reported instead.
    private static int? RecoveredOrReported(MemoryDisk disk, CellLogOptions options)
    {
        var before = disk.Copy();
        try
        {
            var recovered = Recover(disk, out _, options);
            Assert.Equal(Records(1, recovered.Count), recovered);
            AssertGoesOn(disk, options, recovered.Count);
            return recovered.Count;
        }
        catch (Exception damage) when (damage is CorruptLogException or LogFormatException)
        {
            Assert.Equal(before.List(), disk.List());
            Assert.All(disk.List(), name => Assert.True(before[name].AsSpan().SequenceEqual(disk[name]), $"{name} was changed"));
            Assert.Contains(disk.List(), name => damage.Message.Contains(name, StringComparison.Ordinal));
            return null;
        }
    }

    private static void AssertGoesOn(MemoryDisk disk, CellLogOptions options, int count)
    {
        using (var log = Open(disk, out _, out var report, options))
        {
            Assert.Equal((count, 0L), (report.LastPosition, report.DroppedBytes));
            log.Append(Record(count + 1));
            log.Flush();
        }

        Assert.Equal(count + 1, Recover(disk, out _, options).Count);
    }

    private static void Damage(MemoryDisk disk, Prng prng)
    {
        var names = disk.List();
        var (name, other) = (names[prng.Next(names.Count)], names[prng.Next(names.Count)]);
        var (bytes, source) = (disk[name], disk[other]);
        var at = prng.Next(bytes.Length + 1);
        var length = prng.Next(Math.Min(100, bytes.Length - at) + 1);
        switch (prng.Next(7))
        {
            case 0: Random(prng, length).CopyTo(bytes, at); break;
            case 1: bytes.AsSpan(at, length).Clear(); break;
            case 2: bytes = bytes[..at]; break;
            case 3: bytes = [.. bytes, .. Random(prng, length)]; break;
            case 4: source.AsSpan(prng.Next(Math.Max(1, source.Length - length)))[..Math.Min(length, source.Length)].CopyTo(bytes.AsSpan(at)); break;
            case 5: bytes = source; break;
            default: bytes.AsSpan(at).Clear(); break;
        }

        disk[name] = bytes;
    }

    private static byte[] Random(Prng prng, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length; at++) bytes[at] = (byte)prng.NextUInt64();
        return bytes;
    }
}
