using Swim.Core.Clocks;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>A bucket that is dropped, in memory, in the log and in checkpoints.</summary>
public sealed class DropTests
{
    private const int Bucket = 3;
    private const ulong Actor = 9;
    private readonly List<byte[]> _records = [];
    private readonly CellStore _store = NewStore();
    private ulong _written;

    [Fact]
    public void The_numbers_of_own_writes_go_on_after_a_drop()
    {
        WriteThree();
        Drop(_store);
        Assert.Equal((0L, null), (_store.CellCount, _store.Find(Bucket)));
        Assert.True(_store.HasForgottenWrites(Bucket));
        Assert.Equal(4UL, Write(_store));
        Assert.Equal(5UL, Write(_store));
        Assert.Equal(0UL, _store.Find(Bucket)!.Context.SeenUpTo(Actor));
    }

    [Fact]
    public void Once_others_have_told_of_the_writes_before_there_is_no_gap()
    {
        WriteThree();
        var before = _store.Find(Bucket)!.Context.Clone();
        Drop(_store);
        Write(_store);
        _store.Merge(DeltaFrame.Repair(Bucket, [], before));
        Assert.False(_store.HasForgottenWrites(Bucket));
        Assert.Equal(4UL, _store.Find(Bucket)!.Context.SeenUpTo(Actor));
        Assert.Empty(_store.Find(Bucket)!.Context.Cloud);
    }

    [Fact]
    public void They_go_on_after_a_restart_from_the_log_and_from_a_checkpoint()
    {
        WriteThree();
        Drop(_store);
        Assert.Equal(4UL, Write(Replayed(null, 0)));
        var meta = _store.EncodeMeta();
        Assert.Equal(4UL, Write(Replayed(meta, _records.Count)));
        Assert.Equal(4UL, Write(Replayed(meta, 1)));
    }

    [Fact]
    public void A_checkpoint_that_began_before_the_drop_and_ended_after_what_came_next_gives_what_was()
    {
        WriteThree();
        var position = _records.Count;
        Drop(_store);
        Write(_store);
        var blocks = Blocks(_store);
        for (var from = 0; from <= position; from++)
        {
            var replayed = Replayed(_store.EncodeMeta(), from, blocks);
            Assert.Equal(_store.Find(Bucket)!.Signature(), replayed.Find(Bucket)!.Signature());
            Assert.Equal((1L, 5UL), (replayed.CellCount, Write(replayed)));
        }
    }

    [Fact]
    public void A_drop_makes_the_next_checkpoint_leave_the_bucket_out()
    {
        WriteThree();
        Assert.NotEmpty(Blocks(_store));
        Drop(_store);
        Assert.Empty(Blocks(_store));
        Assert.Equal([Bucket], _store.TakeUnsaved());
        var replayed = Replayed(null, 0);
        Assert.Equal([Bucket], replayed.TakeUnsaved());
    }

    [Fact]
    public void A_new_writer_id_begins_anew()
    {
        WriteThree();
        Drop(_store);
        _store.UseActor(10);
        Assert.Equal(1UL, Write(_store));
    }

    private static CellStore NewStore()
    {
        var store = new CellStore(new HybridLogicalClock());
        store.UseActor(Actor);
        return store;
    }

    private void WriteThree()
    {
        for (var i = 0; i < 3; i++) Write(_store);
    }

    private ulong Write(CellStore store)
    {
        var workflow = new WorkflowId((ulong)Bucket << 52, ++_written);
        var dot = store.Write(new NodeId(1), HlcTimestamp.From(1_000 + (long)_written, 0), new CellKey(workflow, (CellKind)0x9E, new Subkey(_written)), [1]);
        Commit(store);
        return dot.Seq;
    }

    private void Drop(CellStore store)
    {
        store.Drop(Bucket);
        Commit(store);
    }

    private void Commit(CellStore store)
    {
        var outbox = new Outbox();
        store.Commit(outbox);
        if (store == _store) _records.AddRange(outbox.Items.OfType<Persist>().Select(static persist => persist.Record.ToArray()));
    }

    private static List<ReadOnlyMemory<byte>> Blocks(CellStore store)
    {
        var all = new CellStore(new HybridLogicalClock());
        foreach (var bucket in store.Buckets) all.Merge(DeltaFrame.Repair(bucket.Number, [.. bucket.Cells], bucket.Context.Clone()));
        var checkpointer = new Checkpointer(all);
        checkpointer.Begin(0);
        return [.. checkpointer.Next(0).Blocks.Select(static block => block.Bytes)];
    }

    private CellStore Replayed(byte[]? meta, int from, List<ReadOnlyMemory<byte>>? blocks = null)
    {
        var store = new CellStore(new HybridLogicalClock());
        if (meta is not null) store.RecoverMeta(meta);
        foreach (var block in blocks ?? []) store.RecoverBlock(block);
        foreach (var record in _records.Skip(from)) store.Recover(record);
        return store;
    }
}
