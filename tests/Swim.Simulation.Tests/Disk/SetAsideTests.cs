using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Xunit;

namespace Swim.Simulation.Tests.Disk;

/// <summary>A log that is put aside is whole afterwards, wherever the power fails on the way.</summary>
public class SetAsideTests
{
    private const int Records = 200;
    private static readonly CellLogOptions _options = new() { Owner = new NodeId(7), SegmentBytes = 8 << 10, CheckpointBytes = 2 << 10 };

    [Fact]
    public void Without_a_mark_nothing_moves()
    {
        var disk = WithLog();
        var names = disk.List();

        Assert.Equal(0UL, SetAside.Prepare(disk, 5, ["epoch"]));
        Assert.Equal(names, disk.List());
    }

    [Fact]
    public void A_marked_log_lies_aside_and_the_node_begins_with_an_empty_one()
    {
        var disk = WithLog();
        SetAside.MarkRemoved(disk, 4);

        Assert.Equal(5UL, SetAside.Prepare(disk, 5, ["epoch"]));
        Assert.Equal(Records, Aside(disk));
        Assert.Equal(0, Count(disk));
        Assert.Contains("epoch", disk.List());
        Assert.Equal(5UL, SetAside.Prepare(disk, 6, ["epoch"]));
    }

    [Fact]
    public void Power_that_fails_on_the_way_leaves_the_log_whole()
    {
        for (var step = 0; step < 60; step++)
        {
            var disk = WithLog();
            SetAside.MarkRemoved(disk, 4);
            disk.FailPowerAfter(step);
            try
            {
                SetAside.Prepare(disk, 5, ["epoch"]);
            }
            catch (PowerFailedException)
            {
                // As asked for.
            }

            disk.Crash(new Prng((ulong)step));
            var since = SetAside.Prepare(disk, 6, ["epoch"]);

            Assert.True(since is 5 or 6, $"state since {since} after a failure at step {step}");
            Assert.Equal(Records, Aside(disk));
            Assert.Equal(0, Count(disk));
        }
    }

    [Fact]
    public void A_node_removed_twice_has_both_logs_aside()
    {
        var disk = WithLog();
        SetAside.MarkRemoved(disk, 4);
        SetAside.Prepare(disk, 5, ["epoch"]);
        Fill(disk);
        SetAside.MarkRemoved(disk, 5);

        Assert.Equal(6UL, SetAside.Prepare(disk, 6, ["epoch"]));
        Assert.Equal(2 * Records, Aside(disk));
        SetAside.Delete(disk);
        Assert.Equal(0, Aside(disk));
        Assert.Contains("epoch", disk.List());
    }

    [Fact]
    public void A_removal_up_to_a_later_epoch_than_the_own_is_left_behind_too()
    {
        var disk = WithLog();
        SetAside.MarkRemoved(disk, 9);

        Assert.Equal(10UL, SetAside.Prepare(disk, 5, ["epoch"]));
    }

    private static SimDisk WithLog()
    {
        var disk = new SimDisk();
        AtomicFile.Write(disk, "epoch", [1]);
        Fill(disk);
        return disk;
    }

    private static void Fill(SimDisk disk)
    {
        using var log = CellLog.Open(disk, _options, static _ => { }, out _);
        for (var record = 0; record < Records; record++) log.Append(new byte[100]);
        log.Flush();
    }

    private static int Count(SimDisk disk)
    {
        var count = 0;
        using var log = CellLog.Open(disk, _options, _ => count++, out _);
        return count;
    }

    private static int Aside(SimDisk disk)
    {
        var count = 0;
        Assert.Equal(0, SetAside.Read(disk, _options, LogReceiver.WithoutCheckpoint(_ => count++)));
        return count;
    }
}
