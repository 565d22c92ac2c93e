using Swim.Core.Storage;
using Xunit;

namespace Swim.Core.Tests.Storage;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_crash_at_any_step_leaves_the_old_content_or_the_new()
    {
        byte[] older = [1, 2, 3], newer = [4, 5, 6, 7];
        var seenNew = false;
        for (var operations = 0; operations < 10; operations++)
        {
            var disk = new MemoryDisk();
            AtomicFile.Write(disk, "epoch", older);
            disk.OperationsLeft = operations;
            try
            {
                AtomicFile.Write(disk, "epoch", newer);
            }
            catch (PlugPulledException)
            {
                // That is what the test is about.
            }
            disk.OperationsLeft = null;
            var read = AtomicFile.TryRead(disk, "epoch")!;
            Assert.Contains(read, new[] { older, newer });
            Assert.False(seenNew && read[0] == 1, "once the new content is there, more steps keep it");
            seenNew |= read[0] == 4;
            AtomicFile.Write(disk, "epoch", newer);
            Assert.Equal(newer, AtomicFile.TryRead(disk, "epoch"));
            Assert.Equal(["epoch"], disk.List());
        }
        Assert.True(seenNew);
    }

    [Fact]
    public void A_missing_file_reads_as_null() => Assert.Null(AtomicFile.TryRead(new MemoryDisk(), "epoch"));

    [Fact]
    public void A_file_too_large_to_be_ours_is_not_read()
    {
        var disk = new MemoryDisk { ["epoch"] = new byte[AtomicFile.BytesMax + 1] };
        Assert.Throws<DiskException>(() => AtomicFile.TryRead(disk, "epoch"));
    }
}
