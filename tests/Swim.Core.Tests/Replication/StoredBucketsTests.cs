using Swim.Core.Clocks;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Storage;
using Swim.Core.Tests.Storage;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What is read out of a directory is what the node held, whatever form its log has.</summary>
public sealed class StoredBucketsTests
{
    private const ulong Actor = 9;

    [Fact]
    public void Equal_state_has_equal_digests_with_a_checkpoint_and_without()
    {
        var (plain, shortened) = (new MemoryDisk(), new MemoryDisk());
        using (var writer = new Writer(plain, 1)) writer.Write(1, 30);
        // The same cells, overwritten ones too, by way of a checkpoint in the middle and with files dropped.
        using (var writer = new Writer(shortened, 2))
        {
            writer.Write(1, 20);
            writer.Checkpoint();
            writer.Write(15, 30);
        }

        var (one, other) = (StoredBuckets.Of(plain), StoredBuckets.Of(shortened));
        Assert.NotNull(other.Log.Checkpoint);
        Assert.Empty(other.Log.Faults);
        Assert.Equal(30, one.Buckets.Sum(static bucket => bucket.Cells));
        // Those written twice have another dot.
        var again = Enumerable.Range(15, 6).Select(BucketOf).ToHashSet();
        Assert.Equal(one.Buckets.Where(bucket => !again.Contains(bucket.Number)), other.Buckets.Where(bucket => !again.Contains(bucket.Number)));
        Assert.All(one.Buckets.Zip(other.Buckets).Where(pair => again.Contains(pair.First.Number)), static pair =>
        {
            Assert.NotEqual(pair.First.CellsSha256, pair.Second.CellsSha256);
            Assert.NotEqual(pair.First.ContextSha256, pair.Second.ContextSha256);
        });
    }

    [Fact]
    public void Looking_changes_nothing_and_leaves_out_what_cannot_be_read()
    {
        var disk = new MemoryDisk();
        using (var writer = new Writer(disk, 1))
        {
            writer.Write(1, 20);
            writer.Checkpoint();
        }

        var whole = StoredBuckets.Of(disk);
        var part = disk.List().First(static name => name.StartsWith("state-", StringComparison.Ordinal));
        var bytes = disk[part];
        bytes[^1] ^= 1;
        disk[part] = bytes;
        var before = disk.List().ToDictionary(static name => name, name => disk[name]);
        var damaged = StoredBuckets.Of(disk);
        Assert.NotEmpty(damaged.Log.Faults);
        Assert.Single(whole.Buckets.Except(damaged.Buckets));
        Assert.All(disk.List(), name => Assert.Equal(before[name], disk[name]));
        Assert.Equal(before.Count, disk.List().Count);
    }

    [Fact]
    public void A_whole_record_that_makes_no_sense_is_a_fault()
    {
        var disk = new MemoryDisk();
        using (var log = CellLog.Open(disk, OptionsOf(1), LogReceiver.OfNobody, out _))
        {
            log.Append(new byte[] { 0xC1 });
            log.Flush();
        }

        Assert.True(Assert.Single(StoredBuckets.Of(disk).Log.Faults).RefusesStart);
    }

    private static CellLogOptions OptionsOf(ulong node) => new() { Owner = new NodeId(node), SegmentBytes = 2_048, CheckpointBytes = 1_024 };

    private static CellKey Key(int number) => new(new WorkflowId((ulong)number * 0x0123_4567_89AB_CDEF, 1), CellKind.Phase, default);

    private static int BucketOf(int number) => Buckets.BucketOf(Key(number).Workflow.Place);

    // A node that writes under the same id as every other one here: its cells are as good as received.
    private sealed class Writer : IDisposable
    {
        private static readonly NodeId Node = new(7);
        private readonly CellStore _store = new(new HybridLogicalClock());
        private readonly CellLog _log;

        public Writer(MemoryDisk disk, ulong owner)
        {
            _log = CellLog.Open(disk, OptionsOf(owner), LogReceiver.OfNobody, out _);
            _store.UseActor(Actor);
        }

        public void Write(int from, int to)
        {
            for (var number = from; number <= to; number++)
            {
                _store.Write(Node, new HlcTimestamp((ulong)number + 1), Key(number), [(byte)number]);
                var outbox = new Outbox();
                _store.Commit(outbox);
                var persist = outbox.Items.OfType<Persist>().Single();
                _log.Append(persist.Record.Span, persist.Buckets);
            }

            _log.Flush();
        }

        public void Checkpoint()
        {
            var checkpointer = new Checkpointer(_store);
            checkpointer.Begin(_log.Position);
            var step = CheckpointStep.Written;
            for (var pieces = 0; step == CheckpointStep.Written && pieces <= Shards.Count; pieces++) step = _log.Write(checkpointer.Next(_log.Position));
            Assert.Equal(CheckpointStep.Completed, step);
        }

        public void Dispose() => _log.Dispose();
    }
}
