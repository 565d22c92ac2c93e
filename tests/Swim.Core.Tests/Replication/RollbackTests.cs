using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>A store whose disk is older than what others have seen of it.</summary>
public sealed class RollbackTests
{
    private const ulong Actor = 77;
    private static readonly WorkflowId _id = new(5, 6);
    private static readonly int _bucket = Buckets.BucketOf(_id.Place);
    private readonly CellStore _store = new(new HybridLogicalClock());

    public RollbackTests() => _store.UseActor(Actor);

    [Theory]
    [InlineData(Actor, 1, true)]
    [InlineData(Actor, 9, true)]
    [InlineData(78, 9, false)]
    public void A_repaired_cell_of_its_own_that_it_never_wrote_tells_of_a_rollback_once(ulong actor, ulong seq, bool isTold)
    {
        _store.Merge(DeltaFrame.Repair(_bucket, [CellOf(actor, seq)], null));
        Assert.Equal(isTold, _store.TakeRollback());
        Assert.False(_store.TakeRollback());
    }

    [Fact]
    public void A_context_that_names_more_than_it_wrote_does_too()
    {
        var context = new DotContext();
        context.Add(new Dot(Actor, 1));
        _store.Merge(DeltaFrame.Repair(_bucket, [], context));
        Assert.True(_store.TakeRollback());
    }

    [Fact]
    public void What_it_wrote_and_knows_is_no_rollback()
    {
        _store.Write(new NodeId(1), HlcTimestamp.From(1_000, 0), new CellKey(_id, (CellKind)0x9E, new Subkey(0)), new byte[] { 1 });
        _store.Commit(new Outbox());
        _store.Merge(DeltaFrame.Repair(_bucket, [CellOf(Actor, 1)], null));
        Assert.False(_store.TakeRollback());
    }

    private static Cell CellOf(ulong actor, ulong seq) =>
        new(new CellKey(_id, (CellKind)0x9E, new Subkey(seq)), HlcTimestamp.From(1_000, 0), new NodeId(1), new Dot(actor, seq), new byte[] { 1 });
}
