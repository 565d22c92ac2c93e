using System.Collections.Immutable;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Scheduling;
using Swim.Core.Storage;
using Swim.Core.Tests.Storage;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>The state core of one node and what it gives to, and takes from, the checkpoints of its log.</summary>
public sealed class CheckpointStateTests
{
    private static readonly NodeId _self = new(1);
    private static readonly CellLogOptions _options = new() { Owner = _self, SegmentBytes = 2_048, CheckpointBytes = 1_024 };
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void State_from_a_checkpoint_and_the_log_after_it_is_the_same_to_the_bit()
    {
        var store = Open(out var log, out _);
        store.UseActor(9);
        Write(store, log, 1, 40);
        Checkpoint(store, log);
        Write(store, log, 30, 60);
        log.Dispose();
        var again = Open(out _, out var report);
        Assert.Equal(9UL, again.Actor);
        Assert.InRange(report.Replayed, 1, 31);
        Assert.Equal(store.Buckets.Select(static bucket => (bucket.Number, bucket.Signature(), bucket.CellCount)), again.Buckets.Select(static bucket => (bucket.Number, bucket.Signature(), bucket.CellCount)));
        Assert.Equal(store.CellCount, again.CellCount);
        // Only what the log told is still to be saved.
        Assert.Equal(Enumerable.Range(30, 31).Select(BucketOf).Distinct().Order(), again.TakeUnsaved());
    }

    [Fact]
    public void A_round_that_was_given_up_is_to_be_made_again_and_one_completed_is_not()
    {
        var store = Open(out var log, out _);
        store.UseActor(9);
        Write(store, log, 1, 10);
        var checkpointer = new Checkpointer(store);
        checkpointer.Begin(log.Position);
        checkpointer.Next(log.Position);
        checkpointer.End(isCompleted: false);
        Assert.Equal(Enumerable.Range(1, 10).Select(BucketOf).Distinct().Count(), store.TakeUnsaved().Count);
        Write(store, log, 1, 10);
        Checkpoint(store, log);
        Assert.Empty(store.TakeUnsaved());
    }

    [Fact]
    public void What_the_log_tells_of_a_lost_bucket_are_cells_and_never_which_writes_were_seen()
    {
        var store = new CellStore(new HybridLogicalClock());
        var cell = new Cell(Key(1), new HlcTimestamp(5), _self, new Dot(9, 7), new byte[] { 1 });
        var context = new DotContext();
        context.AddRange(9, 1, 7);
        store.Merge(DeltaFrame.Repair(BucketOf(1), [cell], context));
        var outbox = new Outbox();
        store.Commit(outbox);
        var record = outbox.Items.OfType<Persist>().Single().Record;

        var lost = new CellStore(new HybridLogicalClock());
        lost.LoseBlock(BucketOf(1));
        lost.Recover(record);
        Assert.True(lost.IsDamaged);
        Assert.Equal(1, lost.CellCount);
        Assert.True(lost.Find(BucketOf(1))!.Context.IsEmpty);
        Assert.Contains(BucketOf(1), lost.TakeUnsaved());
        var whole = new CellStore(new HybridLogicalClock());
        whole.Recover(record);
        Assert.Equal(7UL, whole.Find(BucketOf(1))!.Context.SeenUpTo(9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_node_that_lost_a_bucket_writes_under_a_new_id(bool isLost)
    {
        var core = new ReplicaCore(new ReplicaSettings(_self, 7), new Prng(3));
        var meta = new CellStore(new HybridLogicalClock());
        meta.UseActor(9);
        var kernel = new StateKernel(_self, core, new SchedulerCore(4));
        kernel.Receiver.OnMeta(meta.EncodeMeta());
        if (isLost) kernel.Receiver.OnDamagedBucket(4);
        var now = new Now(TimeSpan.TicksPerSecond, 1_700_000_000_000);
        kernel.Start(now);
        var alone = ImmutableSortedDictionary<NodeId, MemberRecord>.Empty.Add(_self, new MemberRecord(_self, 1, 0, MemberState.Alive, new MemberMeta("n1", "h", 1, 2, 3, "", 16)));
        kernel.OnMembers(now, new MembersSnapshot(1, alone, 1));
        kernel.OnPersisted(now, kernel.Appended);
        kernel.OnCommand(now, 1, KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}"""));
        kernel.OnPersisted(now, kernel.Appended);
        var writers = core.Held.SelectMany(static bucket => bucket.Cells).Select(static cell => cell.Dot.Actor).Distinct();
        Assert.Equal(isLost, Assert.Single(writers) != 9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_loss_stamps_begin_above_all_that_may_have_been_given_out_also_with_a_clock_set_back(bool isLost)
    {
        var (earlier, now) = (new HybridLogicalClock(), new Now(0, 1_700_000_000_000));
        var before = new CellStore(earlier);
        before.UseActor(9);
        var first = earlier.Tick(now);
        var outbox = new Outbox();
        before.Write(_self, first, Key(1), [1]);
        before.Commit(outbox);
        // What came after that record is lost; its stamps are not above the bound that it names.
        var lost = earlier.Tick(now with { WallMs = now.WallMs + 4_000 });
        Assert.True(lost <= earlier.Bound, "no stamp is above the bound");

        var core = new ReplicaCore(new ReplicaSettings(_self, 7), new Prng(3));
        var kernel = new StateKernel(_self, core, new SchedulerCore(4));
        kernel.Receiver.OnRecord(1, outbox.Items.OfType<Persist>().Single().Record);
        if (isLost) kernel.Receiver.OnAllDamaged();
        var back = new Now(TimeSpan.TicksPerSecond, now.WallMs - 600_000);
        kernel.Start(back);
        var alone = ImmutableSortedDictionary<NodeId, MemberRecord>.Empty.Add(_self, new MemberRecord(_self, 1, 0, MemberState.Alive, new MemberMeta("n1", "h", 1, 2, 3, "", 16)));
        kernel.OnMembers(back, new MembersSnapshot(1, alone, 1));
        kernel.OnCommand(back, 1, KernelCluster.Submission("""{"tasks":[{"id":"a","tool":"builtin:echo","arguments":{"value":1}}]}"""));
        Assert.True(core.LastStamp > (isLost ? lost : first), "a stamp is above all earlier ones");
    }

    private CellStore Open(out CellLog log, out RecoveryReport report)
    {
        var store = new CellStore(new HybridLogicalClock());
        var receiver = new LogReceiver((_, record) => store.Recover(record.ToArray()))
        {
            OnMeta = store.RecoverMeta,
            OnBlock = (_, block) => store.RecoverBlock(block),
            OnDamagedBucket = store.LoseBlock,
            OnAllDamaged = store.LoseAll,
        };
        log = CellLog.Open(_disk, _options, receiver, out report);
        return store;
    }

    private static void Write(CellStore store, CellLog log, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            store.Write(_self, new HlcTimestamp((ulong)number + 1), Key(number), [(byte)number]);
            var outbox = new Outbox();
            store.Commit(outbox);
            var persist = outbox.Items.OfType<Persist>().Single();
            log.Append(persist.Record.Span, persist.Buckets);
        }

        log.Flush();
    }

    private static void Checkpoint(CellStore store, CellLog log)
    {
        var checkpointer = new Checkpointer(store);
        checkpointer.Begin(log.Position);
        var step = CheckpointStep.Written;
        for (var pieces = 0; step == CheckpointStep.Written && pieces <= Shards.Count; pieces++) step = log.Write(checkpointer.Next(log.Position));
        Assert.Equal(CheckpointStep.Completed, step);
        checkpointer.End(isCompleted: true);
    }

    private static CellKey Key(int number) => new(new WorkflowId((ulong)number * 0x0123_4567_89AB_CDEF, 1), CellKind.Phase, default);

    private static int BucketOf(int number) => Buckets.BucketOf(Key(number).Workflow.Place);
}
