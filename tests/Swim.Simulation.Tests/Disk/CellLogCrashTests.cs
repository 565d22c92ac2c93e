using System.Buffers.Binary;
using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Xunit;

namespace Swim.Simulation.Tests.Disk;

public sealed class CellLogCrashTests
{
    private static readonly CellLogOptions _options = new() { Owner = new NodeId(3), SegmentBytes = 4096, PendingBytesMax = 2000 };

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 60).Select(seed => (ulong)seed)];

    /// <summary>Replay one seed: <c>dotnet test tests/Swim.Simulation.Tests --filter "DisplayName~seed: 17)"</c>.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Crashes_lose_nothing_durable_and_invent_nothing(ulong seed)
    {
        var prng = new Prng(seed);
        var disk = new SimDisk();
        var appended = new List<byte[]>();
        var durable = 0L;
        for (var life = 0; life < 40; life++)
        {
            disk.FailPowerAfter(prng.Next(60));
            durable = Live(disk, prng, appended, durable);
            if (prng.Chance(300)) disk.Kill();
            else disk.Crash(prng);
        }
        using var log = Recover(disk, appended, durable);
        Assert.Equal(40, disk.LifeCount);
    }

    [Fact]
    public void The_crashes_tear_tails_and_interrupt_roll_overs()
    {
        var (torn, rolled, grown) = (0, 0, 0L);
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var prng = new Prng(seed);
            var disk = new SimDisk();
            for (var life = 0; life < 40; life++)
            {
                disk.FailPowerAfter(prng.Next(60));
                Live(disk, prng, null, 0);
                disk.Crash(prng);
                rolled += disk.List().Contains("cells-next.tmp") ? 1 : 0;
                using var log = CellLog.Open(disk, _options, _ => { }, out var report);
                torn += report.DroppedBytes > 0 ? 1 : 0;
                grown = Math.Max(grown, report.Segments);
            }
        }
        Assert.True(torn > 100, $"{torn} torn tails");
        Assert.True(rolled > 20, $"{rolled} interrupted roll-overs");
        Assert.True(grown > 5, $"{grown} files");
    }

    [Fact]
    public void What_was_recovered_after_a_kill_survives_the_next_power_failure()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var disk = new SimDisk();
            using (var log = CellLog.Open(disk, _options, _ => { }, out _))
            {
                log.Append([1]);
                // Writes, and dies before the sync.
                disk.FailPowerAfter(1);
                Assert.Throws<PowerFailedException>(log.Flush);
            }
            disk.Kill();
            using (var log = CellLog.Open(disk, _options, _ => { }, out _)) Assert.Equal(1, log.DurablePosition);
            disk.Crash(new Prng(seed));
            using (var log = CellLog.Open(disk, _options, _ => { }, out _)) Assert.Equal(1, log.DurablePosition);
        }
    }

    [Fact]
    public void A_failed_sync_promises_nothing()
    {
        var disk = new SimDisk();
        using var log = CellLog.Open(disk, _options, _ => { }, out _);
        log.Append([1]);
        log.Flush();
        log.Append([2]);
        disk.FailsSyncs = true;
        Assert.Throws<DiskSyncException>(log.Flush);
        Assert.Equal(1, log.DurablePosition);
    }

    // One life of a node: recover, check, append and flush until the power fails. Gives what was durable at the end.
    private static long Live(SimDisk disk, Prng prng, List<byte[]>? appended, long durable)
    {
        CellLog? log = null;
        try
        {
            log = appended is null ? CellLog.Open(disk, _options, _ => { }, out _) : Recover(disk, appended, durable);
            while (true)
            {
                var record = NewRecord(prng, log.Position + 1);
                appended?.Add(record);
                log.Append(record);
                if (prng.Chance(300)) log.Flush();
            }
        }
        catch (PowerFailedException)
        {
            return Math.Max(durable, log?.DurablePosition ?? 0);
        }
        finally
        {
            log?.Dispose();
        }
    }

    private static CellLog Recover(SimDisk disk, List<byte[]> appended, long durable)
    {
        var recovered = new List<byte[]>();
        var log = CellLog.Open(disk, _options, record => recovered.Add(record.ToArray()), out var report);
        Assert.InRange(recovered.Count, durable, appended.Count);
        Assert.Equal(recovered.Count, report.LastPosition);
        for (var i = 0; i < recovered.Count; i++) Assert.Equal(appended[i], recovered[i]);
        appended.RemoveRange(recovered.Count, appended.Count - recovered.Count);
        return log;
    }

    // Names its position and is otherwise random, so that a record from another try never equals it.
    private static byte[] NewRecord(Prng prng, long position)
    {
        var record = new byte[8 + (prng.Chance(100) ? prng.Next(3000) : prng.Next(120))];
        for (var i = 8; i < record.Length; i++) record[i] = (byte)prng.NextUInt64();
        BinaryPrimitives.WriteInt64LittleEndian(record, position);
        return record;
    }
}
