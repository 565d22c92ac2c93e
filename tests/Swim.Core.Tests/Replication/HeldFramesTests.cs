using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What happens to frames of a node whose clock runs fast.</summary>
public sealed class HeldFramesTests
{
    private const long StartMs = 1_700_000_000_000;
    private const ulong Actor = 9;

    // Of a later version: its bytes mean nothing here, so any will do.
    private const CellKind AnyKind = (CellKind)0x9E;

    private static readonly NodeId Self = new(1);
    private static readonly NodeId Fast = new(2);
    private static readonly WorkflowId Workflow = new(5, 6);
    private static readonly int Bucket = Swim.Core.Ring.Buckets.BucketOf(Workflow.Place);

    private readonly ReplicaState _state = new(new ReplicaSettings(Self, 7), new Prng(1)) { Outbox = new Outbox() };
    private readonly FrameIntake _intake;

    public HeldFramesTests()
    {
        _intake = new FrameIntake(_state);
        At(0);
    }

    [Fact]
    public void A_frame_up_to_half_a_second_ahead_is_merged_at_once()
    {
        Assert.True(_intake.TryMerge(Fast, Push(1, 500)));
        Assert.Equal((1UL, 0), (Seen(), _intake.HeldCount));
    }

    [Fact]
    public void A_frame_further_ahead_waits_until_it_is_half_a_second_ahead_and_does_not_move_the_clock()
    {
        Assert.False(_intake.TryMerge(Fast, Push(1, 3_000)));
        Assert.Equal((0UL, 1, 0L), (Seen(), _intake.HeldCount, _intake.RejectedCount));
        At(2_499);
        Assert.False(_intake.TryTakeDue(out _, out _));
        Assert.True(_state.Clock.Last < HlcTimestamp.From(StartMs + 500, 1));
        At(2_500);
        Assert.True(_intake.TryTakeDue(out var from, out var message));
        Assert.Equal(Fast, from);
        Assert.True(_intake.TryMerge(from, Assert.Single(Assert.IsType<PushCells>(message).Frames)));
        Assert.Equal((1UL, 0, 0L), (Seen(), _intake.HeldCount, _intake.RejectedCount));
    }

    [Fact]
    public void A_frame_more_than_ten_seconds_ahead_is_refused_counted_and_never_merged()
    {
        Assert.False(_intake.TryMerge(Fast, Push(1, 10_001)));
        Assert.Equal((0, 1L, 1L), (_intake.HeldCount, _intake.TooFarAheadCount, _intake.RejectedCount));
        At(20_000);
        Assert.False(_intake.TryTakeDue(out _, out _));
        Assert.Equal(0UL, Seen());
    }

    [Fact]
    public void Frames_come_out_in_the_order_of_their_stamps()
    {
        foreach (var ahead in new[] { 3_000, 1_000, 2_000 }) _intake.TryMerge(Fast, Push((ulong)ahead, ahead));
        At(60_000);
        var order = new List<ulong>();
        while (_intake.TryTakeDue(out _, out var message)) order.Add(((PushCells)message).Frames[0].SeqTo);
        Assert.Equal([1_000UL, 2_000UL, 3_000UL], order);
    }

    [Fact]
    public void The_same_cells_wait_once_however_often_they_are_sent()
    {
        for (var times = 0; times < 10; times++) _intake.TryMerge(Fast, Push(1, 3_000));
        Assert.Equal((1, 0L), (_intake.HeldCount, _intake.RejectedCount));
    }

    [Fact]
    public void No_more_frames_wait_than_the_bound_and_those_without_room_are_counted()
    {
        for (var seq = 1UL; seq <= HeldFrames.CountMax + 5; seq++) _intake.TryMerge(Fast, Push(seq, 3_000));
        Assert.Equal((HeldFrames.CountMax, 5L), (_intake.HeldCount, _intake.RejectedCount));
        At(60_000);
        while (_intake.TryTakeDue(out _, out _)) { }
        _intake.TryMerge(Fast, Push(1, 63_000));
        Assert.Equal(1, _intake.HeldCount);
    }

    [Fact]
    public void No_more_bytes_wait_than_the_bound()
    {
        for (var seq = 1UL; seq <= 200; seq++) _intake.TryMerge(Fast, Push(seq, 3_000, new byte[Cell.PayloadBytesMax]));
        Assert.InRange(_intake.HeldCount, 1, (int)(HeldFrames.BytesMax / Cell.PayloadBytesMax));
        Assert.Equal(200, _intake.HeldCount + _intake.RejectedCount);
    }

    private void At(long ms) => _state.Now = new Now(ms * Now.TicksPerMs, StartMs + ms);

    private ulong Seen() => _state.Store.Find(Bucket)?.Context.SeenUpTo(Actor) ?? 0;

    private static DeltaFrame Push(ulong seq, long aheadMs, byte[]? payload = null) => new(Bucket, Actor, seq, seq, [CellOf(seq, aheadMs, payload)], null);

    private static Cell CellOf(ulong seq, long aheadMs, byte[]? payload = null) => new(
        new CellKey(Workflow, AnyKind, new Subkey(seq, Actor, seq)), HlcTimestamp.From(StartMs + aheadMs, 0), Fast, new Dot(Actor, seq), payload ?? [1]);
}
