using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Hosting;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>What one call says to a node about many buckets goes as one message, and nothing overtakes anything.</summary>
public sealed class PeerBatchTests
{
    private static readonly NodeId _ann = new(1);
    private static readonly NodeId _bob = new(2);

    [Fact]
    public void Parts_for_one_node_are_joined_whatever_stands_between_them()
    {
        var joined = PeerBatch.Join([Ack(_ann, 1), Ack(_bob, 2), new Answer(7, new CancelAccepted(WorkflowState.Cancelling)), Ack(_ann, 3)]);
        Assert.Equal(3, joined.Count);
        Assert.Equal([1, 3], BucketsOf(joined[0]));
        Assert.Equal([2], BucketsOf(joined[1]));
        Assert.IsType<Answer>(joined[2]);
    }

    [Fact]
    public void A_part_overtakes_no_other_message_to_its_node()
    {
        var nudge = new SendToPeer(_ann, new RepairNudge(9, true));
        var joined = PeerBatch.Join([Ack(_ann, 1), Ack(_ann, 2), nudge, Ack(_ann, 3), Ack(_ann, 4)]);
        Assert.Equal(3, joined.Count);
        Assert.Equal([1, 2], BucketsOf(joined[0]));
        Assert.Same(nudge, joined[1]);
        Assert.Equal([3, 4], BucketsOf(joined[2]));
    }

    [Fact]
    public void A_batch_is_bounded_in_messages_and_in_bytes()
    {
        var many = PeerBatch.Join([.. Enumerable.Range(0, PeerBatch.CountMax + 10).Select(static bucket => Ack(_ann, bucket))]);
        Assert.Equal([PeerBatch.CountMax, 10], many.Select(static output => BucketsOf(output).Count));
        var large = PeerBatch.Join([.. Enumerable.Range(0, 30).Select(static bucket => Cells(bucket))]);
        Assert.True(large.Count > 2);
        Assert.Equal(Enumerable.Range(0, 30), large.SelectMany(BucketsOf));
        Assert.All(large, static output => Assert.InRange(PeerCodec.Encode(((SendToPeer)output).Message).Length, 1, PeerBatch.BytesMax + Cell.PayloadBytesMax + 1_024));
    }

    private static SendToPeer Ack(NodeId to, int bucket) => new(to, new PushAck(bucket, 5, 12));

    private static SendToPeer Cells(int bucket)
    {
        var workflow = new WorkflowId((ulong)bucket << 52, 1);
        var cell = new Cell(new CellKey(workflow, (CellKind)0x9E, default), new HlcTimestamp(1), _bob, new Dot(5, 1), new byte[Cell.PayloadBytesMax]);
        return new SendToPeer(_ann, new RepairCells(1, DeltaFrame.Repair(bucket, [cell], null), 0, true));
    }

    private static IReadOnlyList<int> BucketsOf(Output output) =>
        [.. PeerBatch.PartsOf(((SendToPeer)output).Message).Select(static part => part is PushAck ack ? ack.Bucket : ((RepairCells)part).Frame.Bucket)];
}
