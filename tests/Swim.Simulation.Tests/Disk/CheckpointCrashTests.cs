using Swim.Core.Primitives;
using Swim.Core.Storage;
using Swim.Core.Tests.Storage;
using Swim.Simulation.Disk;
using Xunit;

namespace Swim.Simulation.Tests.Disk;

public sealed class CheckpointCrashTests
{
    private static readonly CellLogOptions _options = new() { Owner = new NodeId(3), SegmentBytes = 720, CheckpointBytes = 1024 };
    private static readonly int[] _buckets = [3, 5, 64, 130];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_at_any_step_of_a_checkpoint_recovers_to_the_same_state(bool losesPower)
    {
        var (steps, recoveredFrom) = (0, new SortedSet<long>());
        for (var isDone = false; !isDone; steps++)
        {
            for (ulong seed = 1; seed <= 6; seed++)
            {
                var disk = new SimDisk();
                var state = Prepared(disk);
                disk.FailPowerAfter(steps);
                isDone = TryCheckpoint(state);
                if (losesPower) disk.Crash(new Prng(seed));
                else disk.Kill();
                var again = ToyState.Open(disk, _options, out var report);
                Assert.Equal(state.Values, again.Values);
                Assert.Equal((0, state.Log.Position), (report.DamagedBuckets, again.Log.Position));
                recoveredFrom.Add(report.CheckpointPosition);
                GoesOn(disk, again);
            }
        }

        // One step before, the old checkpoint was the newest; at the last it is the new one.
        Assert.Equal([60L, 120L], recoveredFrom);
        Assert.InRange(steps, 15, 100);
    }

    [Fact]
    public void A_crash_of_a_recovery_that_cleans_up_recovers_to_the_same_state()
    {
        for (var first = 0; first < 40; first++)
        {
            for (var second = 0; second < 8; second++)
            {
                var disk = new SimDisk();
                var state = Prepared(disk);
                disk.FailPowerAfter(first);
                TryCheckpoint(state);
                disk.Crash(new Prng((ulong)first));
                disk.FailPowerAfter(second);
                TryOpen(disk);
                disk.Crash(new Prng((ulong)second));
                var again = ToyState.Open(disk, _options, out _);
                Assert.Equal(state.Values, again.Values);
                GoesOn(disk, again);
            }
        }
    }

    [Fact]
    public void Without_space_for_a_checkpoint_the_log_goes_on_and_a_later_one_completes()
    {
        var (givenUp, done) = (0, 0);
        for (var free = 0; free < 1_200; free += 7)
        {
            var disk = new SimDisk();
            var state = Prepared(disk);
            disk.CapacityBytes = SizeOf(disk) + free;
            if (state.Checkpoint())
            {
                done++;
                continue;
            }

            givenUp++;
            // What the round took is free again.
            Assert.InRange(SizeOf(disk), 1, disk.CapacityBytes - free);
            Assert.Equal(60, state.Log.CheckpointPosition);
            state.Write(5, 1_000);
            disk.CapacityBytes = long.MaxValue;
            state.Log.Flush();
            Assert.True(state.Checkpoint());
            GoesOn(disk, state);
        }

        Assert.True(givenUp > 10 && done > 10, $"{givenUp} given up, {done} completed");
    }

    [Fact]
    public void A_sync_that_fails_in_a_checkpoint_ends_the_log()
    {
        var disk = new SimDisk();
        var state = Prepared(disk);
        disk.FailsSyncs = true;
        Assert.Throws<DiskSyncException>(() => state.Checkpoint());
        Assert.Throws<InvariantException>(() => state.Log.Append([1]));
        disk.FailsSyncs = false;
        disk.Crash(new Prng(1));
        Assert.Equal(state.Values, ToyState.Open(disk, _options, out _).Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Lives_full_of_crashes_lose_nothing_durable_and_keep_the_disk_bounded(ulong seed)
    {
        var prng = new Prng(seed);
        var disk = new SimDisk();
        var (durable, written) = (new SortedDictionary<int, int>(), 0);
        var checkpoints = 0L;
        for (var life = 0; life < 200; life++)
        {
            var state = ToyState.Open(disk, _options, out var report);
            Assert.Equal(0, report.DamagedBuckets);
            Assert.All(durable, entry => Assert.InRange(state.Values[entry.Key], entry.Value, written));
            checkpoints = Math.Max(checkpoints, report.CheckpointPosition);
            disk.FailPowerAfter(prng.Next(120));
            Live(state, prng, durable, ref written);
            disk.Crash(prng);
            Assert.InRange(SizeOf(disk), 0, 16 * 1_024);
        }

        Assert.True(checkpoints > 1_000, $"the last checkpoint was at {checkpoints}");
    }

    // Two checkpoints' worth of work, of which the first one is made.
    private static ToyState Prepared(SimDisk disk)
    {
        var state = ToyState.Open(disk, _options, out _);
        Fill(state, 1, 60);
        Assert.True(state.Checkpoint());
        Fill(state, 61, 120);
        return state;
    }

    private static void Fill(ToyState state, int from, int to)
    {
        for (var value = from; value <= to; value++) state.Write(_buckets[value % 4], value);
        state.Log.Flush();
    }

    private static void Live(ToyState state, Prng prng, SortedDictionary<int, int> durable, ref int written)
    {
        try
        {
            while (true)
            {
                state.Write(_buckets[prng.Next(4)], ++written);
                if (state.Log.IsCheckpointDue) state.Checkpoint();
                if (!prng.Chance(300)) continue;
                state.Log.Flush();
                foreach (var (bucket, value) in state.Values) durable[bucket] = value;
            }
        }
        catch (PowerFailedException)
        {
            // The end of this life.
        }
    }

    // Whatever was found, it is a log that works: more is written, checkpointed and found again.
    private static void GoesOn(SimDisk disk, ToyState state)
    {
        Fill(state, 2_000, 2_010);
        Assert.True(state.Checkpoint());
        Fill(state, 2_011, 2_015);
        disk.Crash(new Prng(1));
        var again = ToyState.Open(disk, _options, out var report);
        Assert.Equal(state.Values, again.Values);
        Assert.Equal(5, report.Replayed);
        // Nothing that a crash or a round given up left behind stays.
        Assert.Equal(3, disk.List().Count(static name => name.EndsWith(".part", StringComparison.Ordinal)));
        Assert.DoesNotContain(disk.List(), static name => name.StartsWith("state-", StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static bool TryCheckpoint(ToyState state)
    {
        try
        {
            return state.Checkpoint();
        }
        catch (PowerFailedException)
        {
            return false;
        }
    }

    private static void TryOpen(SimDisk disk)
    {
        try
        {
            ToyState.Open(disk, _options, out _);
        }
        catch (PowerFailedException)
        {
            // That is what the test is about.
        }
    }

    private static long SizeOf(SimDisk disk) => disk.List().Sum(name =>
    {
        using var file = disk.Open(name);
        return file.Length;
    });
}
