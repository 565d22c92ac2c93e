using Swim.Core.Storage;
using Swim.Node.Disk;
using Xunit;

namespace Swim.Node.Tests.Disk;

public sealed class LinuxDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_created_file_has_its_length_in_zeros_and_keeps_what_is_written()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        using (var file = disk.Create("a", 3_000_000))
        {
            Assert.Equal(3_000_000, file.Length);
            file.Write(1_500_000, [1, 2, 3]);
            file.SyncData();
        }
        disk.SyncDirectory();
        using var again = disk.Open("a");
        var bytes = new byte[3_000_001];
        Assert.Equal(3_000_000, again.Read(0, bytes));
        Assert.Equal([1, 2, 3], bytes[1_500_000..1_500_003]);
        Assert.Equal(6, bytes.Sum(value => value));
        again.Truncate(10);
        Assert.Equal(10, again.Length);
    }

    [Fact]
    public void Names_are_listed_in_ordinal_order_after_renames_and_deletions()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory["data/deep"]);
        foreach (var name in new[] { "b", "B", "a", "c" }) disk.Create(name, 1).Dispose();
        disk.Rename("c", "b");
        disk.Delete("a");
        Assert.Equal(["B", "b", "lock"], disk.List());
    }

    [Fact]
    public void Missing_existing_and_forbidden_files_are_disk_errors()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        disk.Create("a", 1).Dispose();
        Assert.Throws<DiskException>(() => disk.Create("a", 1));
        Assert.Throws<DiskException>(() => disk.Open("b"));
        Assert.Throws<DiskException>(() => disk.Delete("b"));
        Assert.Throws<DiskException>(() => disk.Rename("b", "c"));
        Assert.Throws<DiskException>(() => LinuxDisk.OpenDirectory("/proc/swim"));
    }

    [Fact]
    public void A_second_holder_is_refused_until_the_first_lets_go()
    {
        using (LinuxDisk.OpenDirectory(_directory.Path))
        {
            var error = Assert.Throws<DirectoryInUseException>(() => LinuxDisk.OpenDirectory(_directory.Path));
            Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
        }
        LinuxDisk.OpenDirectory(_directory.Path).Dispose();
    }

    [Fact]
    public void No_space_is_told_apart_from_other_errors()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        File.CreateSymbolicLink(_directory["full"], "/dev/full");
        using var file = disk.Open("full");
        Assert.Throws<DiskFullException>(() => file.Write(0, [1]));
    }

    [Fact]
    public void A_failed_sync_is_never_swallowed()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        File.CreateSymbolicLink(_directory["unsyncable"], "/dev/full");
        using var file = disk.Open("unsyncable");
        var error = Assert.Throws<DiskSyncException>(file.SyncData);
        Assert.Contains("fdatasync unsyncable", error.Message, StringComparison.Ordinal);
        Assert.Contains("(error 22)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_on_a_real_directory_recovers_over_several_files()
    {
        var options = new CellLogOptions { SegmentBytes = 1 << 16 };
        byte[][] records = [.. Enumerable.Range(1, 300).Select(i => Enumerable.Repeat((byte)i, 10 * i).ToArray())];
        using (var disk = LinuxDisk.OpenDirectory(_directory.Path))
        using (var log = CellLog.Open(disk, options, _ => { }, out _))
        {
            foreach (var record in records) log.Append(record);
            log.Flush();
        }
        using var reopened = LinuxDisk.OpenDirectory(_directory.Path);
        var recovered = new List<byte[]>();
        CellLog.Open(reopened, options, record => recovered.Add(record.ToArray()), out var report).Dispose();
        Assert.Equal(records, recovered);
        Assert.True(report.Segments > 3);
    }

    [Fact]
    public void A_small_file_is_replaced_whole()
    {
        using var disk = LinuxDisk.OpenDirectory(_directory.Path);
        AtomicFile.Write(disk, "node-id", [1, 2, 3]);
        AtomicFile.Write(disk, "node-id", [4]);
        Assert.Equal([4], AtomicFile.TryRead(disk, "node-id"));
        Assert.Equal(["lock", "node-id"], disk.List());
    }
}
