using Swim.Core.Clocks;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

public sealed class CellStoreTests
{
    private const int Bucket = 3;
    private const ulong Actor = 9;

    [Fact]
    public void A_frame_that_claims_very_many_writes_beyond_a_gap_costs_nothing_and_is_left_to_repair()
    {
        var store = new CellStore(new HybridLogicalClock());
        store.Merge(Push(1, 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        store.Merge(Push(1_000, 1_000 + DeltaFrameCodec.SeqSpanMax - 1));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        Assert.Equal(1UL, store.Find(Bucket)!.Context.Highest(Actor));
    }

    [Fact]
    public void A_frame_without_a_gap_may_be_as_long_as_it_likes()
    {
        var store = new CellStore(new HybridLogicalClock());
        store.Merge(Push(1, 1));
        store.Merge(Push(2, 1 + DeltaFrameCodec.SeqSpanMax));
        Assert.Equal(1 + DeltaFrameCodec.SeqSpanMax, store.Find(Bucket)!.Context.SeenUpTo(Actor));
    }

    [Fact]
    public void A_short_frame_beyond_a_gap_is_kept_until_the_gap_closes()
    {
        var store = new CellStore(new HybridLogicalClock());
        store.Merge(Push(3, 5));
        Assert.Equal(0UL, store.Find(Bucket)!.Context.SeenUpTo(Actor));
        store.Merge(Push(1, 2));
        Assert.Equal(5UL, store.Find(Bucket)!.Context.SeenUpTo(Actor));
    }

    private static DeltaFrame Push(ulong from, ulong to) => new(Bucket, Actor, from, to, [], null);
}
