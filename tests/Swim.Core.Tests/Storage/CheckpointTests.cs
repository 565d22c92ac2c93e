using Swim.Core.Primitives;
using Swim.Core.Storage;
using Xunit;

namespace Swim.Core.Tests.Storage;

public sealed class CheckpointTests
{
    private static readonly CellLogOptions _options = new() { Owner = new NodeId(7), SegmentBytes = 512, CheckpointBytes = 1024 };
    private static readonly int[] _buckets = [3, 5, 64, 130];

    [Fact]
    public void Overwrites_without_end_leave_the_disk_bounded()
    {
        var disk = new MemoryDisk();
        var state = ToyState.Open(disk, _options, out _);
        var (most, checkpoints) = (0L, 0);
        for (var value = 1; value <= 5_000; value++)
        {
            state.Write(_buckets[value % 4], value);
            if (value % 5 == 0) state.Log.Flush();
            if (value % 10 == 0) state.Log.Prepare();
            if (state.Log.IsCheckpointDue && state.Checkpoint()) checkpoints++;
            most = Math.Max(most, disk.List().Sum(name => (long)disk[name].Length));
        }

        Assert.InRange(checkpoints, 50, 200);
        // What makes a checkpoint due, the file that is part of it, the one in use and the one to come; and two small checkpoints.
        Assert.InRange(most, 1_024, 1_024 + (3 * 512) + 1_024);
        Assert.InRange(state.Log.Bytes, 1, 3 * 1_024);
        state.Log.Flush();
        Assert.Equal(state.Values, ToyState.Open(disk, _options, out _).Values);
    }

    [Fact]
    public void Recovery_takes_the_checkpoint_and_only_the_records_after_it()
    {
        var disk = Checkpointed(out var values);
        var again = ToyState.Open(disk, _options, out var report);
        Assert.Equal(values, again.Values);
        Assert.Equal((2, 2L, 60L), (again.Replayed, report.Replayed, report.CheckpointPosition));
        Assert.Equal((60L, 62L), (again.Meta, report.LastPosition));
        Assert.Equal(0, report.DamagedBuckets);
        again.Write(3, 1_000);
        Assert.Equal(63, again.Log.Position);
    }

    [Fact]
    public void Only_the_files_of_changed_shards_are_written_anew()
    {
        var disk = Checkpointed(out _);
        var before = PartsOf(disk);
        var state = ToyState.Open(disk, _options, out _);
        Assert.True(state.Checkpoint());
        var after = PartsOf(disk);
        // The records after the first checkpoint are about bucket 3.
        Assert.Equal(before.Where(static name => !name.StartsWith("state-00", StringComparison.Ordinal)), after.Where(static name => !name.StartsWith("state-00", StringComparison.Ordinal)));
        Assert.Equal("state-00-000000000000003e.part", Assert.Single(after.Except(before)));
        Assert.Equal(before.Count, after.Count);
    }

    [Fact]
    public void Every_flipped_bit_in_a_shard_is_noticed_and_costs_only_buckets_of_that_shard()
    {
        var written = Checkpointed(out var values);
        var name = PartsOf(written)[0];
        for (var bit = 0; bit < written[name].Length * 8; bit++)
        {
            var state = ToyState.Open(WithFlippedBit(written, name, bit), _options, out var report);
            Assert.Equal(state.Damaged.Count, report.DamagedBuckets);
            Assert.Contains(state.Damaged, bucket => values.ContainsKey(bucket));
            Assert.All(state.Damaged, bucket => Assert.Equal(0, Shards.Of(bucket)));
            Assert.All(values.Where(entry => !state.Damaged.Contains(entry.Key)), entry => Assert.Equal(entry.Value, state.Values[entry.Key]));
            Assert.All(state.Values, entry => Assert.InRange(entry.Value, 1, values[entry.Key]));
        }
    }

    [Fact]
    public void A_damaged_block_costs_its_own_bucket_and_no_other()
    {
        var written = Checkpointed(out var values);
        var name = PartsOf(written)[0];
        var blockOfBucket3 = ShardHeader.Size + BlockHeader.Size;
        var state = ToyState.Open(WithFlippedBit(written, name, blockOfBucket3 * 8), _options, out _);
        Assert.Equal([3], state.Damaged);
        Assert.Equal(values[5], state.Values[5]);
    }

    [Fact]
    public void A_damaged_file_is_kept_and_the_next_checkpoint_heals()
    {
        var written = Checkpointed(out _);
        var name = PartsOf(written)[0];
        var disk = WithFlippedBit(written, name, (ShardHeader.Size + BlockHeader.Size) * 8);
        var damaged = disk[name];
        var state = ToyState.Open(disk, _options, out _);
        Assert.True(state.Log.IsCheckpointDue);
        state.Write(3, 500);
        Assert.True(state.Checkpoint());
        Assert.Equal(damaged, disk["damaged-00.part"]);
        var again = ToyState.Open(disk, _options, out var report);
        Assert.Equal((0, 500), (report.DamagedBuckets, again.Values[3]));
    }

    [Fact]
    public void A_missing_or_cut_file_costs_the_buckets_of_its_shard()
    {
        var written = Checkpointed(out var values);
        var name = PartsOf(written)[1];
        for (var length = -1; length < written[name].Length; length++)
        {
            var disk = written.Copy();
            if (length < 0) disk.Delete(name);
            else disk[name] = written[name][..length];
            var state = ToyState.Open(disk, _options, out _);
            Assert.Contains(64, state.Damaged);
            Assert.All(state.Damaged, bucket => Assert.Equal(1, Shards.Of(bucket)));
            Assert.Equal(values.Where(static entry => entry.Key != 64), state.Values.Where(static entry => entry.Key != 64));
        }
    }

    [Fact]
    public void Every_flipped_bit_in_the_manifest_is_reported_and_nothing_changed()
    {
        var written = Checkpointed(out _);
        for (var bit = 0; bit < written[CheckpointManifest.Name].Length * 8; bit++)
        {
            var disk = WithFlippedBit(written, CheckpointManifest.Name, bit);
            var before = disk.Copy();
            var error = Xunit.Record.Exception(() => ToyState.Open(disk, _options, out _));
            Assert.True(error is CorruptLogException or LogFormatException, $"bit {bit}: {error}");
            Assert.Contains(CheckpointManifest.Name, error.Message, StringComparison.Ordinal);
            Assert.Equal(before.List(), disk.List());
            Assert.All(before.List(), name => Assert.Equal(before[name], disk[name]));
        }
    }

    [Fact]
    public void The_checkpoint_of_another_node_is_refused()
    {
        var disk = Checkpointed(out _);
        var error = Assert.Throws<CorruptLogException>(() => ToyState.Open(disk, _options with { Owner = new NodeId(8) }, out _));
        Assert.Contains("0000000000000007", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_ends_before_what_was_durable_at_the_checkpoint_is_reported()
    {
        var disk = Checkpointed(out _, after: 0);
        var last = disk.List().Last(static name => name.StartsWith("cells-", StringComparison.Ordinal));
        disk[last] = [.. disk[last][..SegmentHeader.Size], .. new byte[480]];
        Assert.Equal(last, Assert.Throws<CorruptLogException>(() => ToyState.Open(disk, _options, out _)).File);
        disk.Delete(last);
        Assert.Throws<CorruptLogException>(() => ToyState.Open(disk, _options, out _));
    }

    [Fact]
    public void A_file_missing_between_the_checkpoint_and_the_log_is_reported()
    {
        var disk = new MemoryDisk();
        var state = ToyState.Open(disk, _options, out _);
        Fill(state, 1, 62);
        Assert.True(state.Checkpoint());
        Fill(state, 63, 120);
        var firstAfter = disk.List().First(static name => name.StartsWith("cells-", StringComparison.Ordinal));
        disk.Delete(firstAfter);
        Assert.Throws<CorruptLogException>(() => ToyState.Open(disk, _options, out _));
    }

    [Fact]
    public void A_round_begun_anew_gives_up_what_the_one_before_left()
    {
        var disk = new MemoryDisk();
        var state = ToyState.Open(disk, _options, out _);
        Fill(state, 1, 60);
        foreach (var piece in state.Pieces().Take(3)) Assert.Equal(CheckpointStep.Written, state.Log.Write(piece));
        state.Write(3, 99);
        Assert.True(state.Checkpoint());
        Assert.All(PartsOf(disk), static name => Assert.EndsWith("3d.part", name, StringComparison.Ordinal));
        Assert.Equal(state.Values, ToyState.Open(disk, _options, out _).Values);
    }

    /// <summary>Four buckets in three shards, 60 records before the checkpoint and some about bucket 3 after it, all durable.</summary>
    private static MemoryDisk Checkpointed(out IReadOnlyDictionary<int, int> values, int after = 2)
    {
        var disk = new MemoryDisk();
        var state = ToyState.Open(disk, _options, out _);
        Fill(state, 1, 60);
        Assert.True(state.Checkpoint());
        for (var value = 0; value < after; value++) state.Write(3, 61 + value);
        state.Log.Flush();
        values = state.Values;
        return disk;
    }

    private static void Fill(ToyState state, int from, int to)
    {
        for (var value = from; value <= to; value++) state.Write(_buckets[value % 4], value);
        state.Log.Flush();
    }

    private static List<string> PartsOf(MemoryDisk disk) => [.. disk.List().Where(static name => name.StartsWith("state-", StringComparison.Ordinal))];

    private static MemoryDisk WithFlippedBit(MemoryDisk disk, string name, int bit)
    {
        var copy = disk.Copy();
        var bytes = copy[name];
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        copy[name] = bytes;
        return copy;
    }
}
