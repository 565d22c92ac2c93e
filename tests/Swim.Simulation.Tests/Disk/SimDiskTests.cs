using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Simulation.Disk;
using Xunit;

namespace Swim.Simulation.Tests.Disk;

public sealed class SimDiskTests
{
    [Fact]
    public void Synced_bytes_and_names_survive_every_crash()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var disk = new SimDisk();
            WriteSynced(disk, "a", [1, 2, 3]);
            disk.SyncDirectory();
            disk.Crash(new Prng(seed));
            Assert.Equal([1, 2, 3], ReadAll(disk, "a"));
        }
    }

    [Fact]
    public void An_unsynced_write_survives_whole_torn_or_not_at_all()
    {
        var lengths = new SortedSet<int>();
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var disk = new SimDisk();
            WriteSynced(disk, "a", new byte[2000]);
            disk.SyncDirectory();
            using (var file = disk.Open("a")) file.Write(0, [.. Enumerable.Repeat((byte)7, 2000)]);
            Assert.Equal(2000, ReadAll(disk, "a").Count(value => value == 7));
            disk.Crash(new Prng(seed));
            lengths.Add(ReadAll(disk, "a").Count(value => value == 7));
        }
        Assert.Contains(0, lengths);
        Assert.Contains(2000, lengths);
        Assert.True(lengths.Count > 10, "torn in many places");
    }

    [Fact]
    public void A_file_whose_directory_was_not_synced_may_vanish()
    {
        var outcomes = new HashSet<bool>();
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var disk = new SimDisk();
            WriteSynced(disk, "a", [1]);
            disk.Crash(new Prng(seed));
            outcomes.Add(disk.List().Contains("a"));
        }
        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void The_same_seed_leaves_the_same_bytes()
    {
        Assert.Equal(CrashedBytes(7), CrashedBytes(7));
        Assert.NotEqual(CrashedBytes(7), CrashedBytes(8));
    }

    [Fact]
    public void A_file_of_an_earlier_life_cannot_be_used()
    {
        var disk = new SimDisk();
        using var file = disk.Create("a", 10);
        disk.Crash(new Prng(1));
        Assert.Throws<PowerFailedException>(() => file.Write(0, [1]));
        Assert.Throws<PowerFailedException>(file.SyncData);
    }

    [Fact]
    public void Nothing_works_between_the_power_failure_and_the_crash()
    {
        var disk = new SimDisk();
        using var file = disk.Create("a", 10);
        disk.FailPowerAfter(1);
        file.Write(0, [1]);
        Assert.Throws<PowerFailedException>(file.SyncData);
        Assert.Throws<PowerFailedException>(() => disk.List());
        disk.Crash(new Prng(1));
        disk.Create("b", 1).Dispose();
    }

    [Fact]
    public void Space_and_sync_failures_are_typed_and_change_nothing()
    {
        var disk = new SimDisk { CapacityBytes = 100 };
        using var file = disk.Create("a", 60);
        Assert.Throws<DiskFullException>(() => disk.Create("b", 41));
        Assert.Throws<DiskFullException>(() => file.Write(99, [1, 2]));
        disk.FailsSyncs = true;
        Assert.Throws<DiskSyncException>(file.SyncData);
        Assert.Throws<DiskSyncException>(disk.SyncDirectory);
        Assert.Equal(0, disk.SyncCount);
        Assert.Equal(["a"], disk.List());
    }

    private static string CrashedBytes(ulong seed)
    {
        var disk = new SimDisk();
        WriteSynced(disk, "a", new byte[4000]);
        disk.SyncDirectory();
        using (var file = disk.Open("a"))
        {
            for (var i = 0; i < 20; i++) file.Write(i * 150, [.. Enumerable.Repeat((byte)(i + 1), 300)]);
        }
        disk.Crash(new Prng(seed));
        return Convert.ToHexString(ReadAll(disk, "a"));
    }

    private static void WriteSynced(SimDisk disk, string name, byte[] bytes)
    {
        using var file = disk.Create(name, bytes.Length);
        file.Write(0, bytes);
        file.SyncData();
    }

    private static byte[] ReadAll(SimDisk disk, string name)
    {
        using var file = disk.Open(name);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }
}
