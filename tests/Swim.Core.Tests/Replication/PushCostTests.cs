using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

public sealed class PushCostTests
{
    private const int FrameCells = 8;
    private const int Frames = 500;
    private const int WarmUp = 100;

    // A cell and its 40 bytes of payload are 184 of these, and stay; the record for the log is some 60. With iterators and sorted sets on the way there were 900.
    private const int BytesPerCellMax = 600;

    [Fact]
    public void A_cell_that_is_decoded_merged_and_logged_leaves_little_to_collect()
    {
        var frames = Enumerable.Range(0, Frames).Select(FrameOf).ToArray();
        var pair = new RepairPair();
        foreach (var frame in frames[..WarmUp]) Take(pair, frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var frame in frames[WarmUp..]) Take(pair, frame);
        var perCell = (GC.GetAllocatedBytesForCurrentThread() - before) / ((Frames - WarmUp) * FrameCells);
        Assert.Equal(Frames * FrameCells, pair[0].CellCount);
        Assert.InRange(perCell, 1, BytesPerCellMax);
    }

    private static byte[] FrameOf(int number)
    {
        var from = ((ulong)number * FrameCells) + 1;
        var cells = Enumerable.Range(0, FrameCells).Select(i => RepairPair.CellOf(from + (ulong)i)).ToList();
        return PeerCodec.Encode(new PushCells([new DeltaFrame(RepairPair.Bucket, cells[0].Dot.Actor, from, from + FrameCells - 1, cells, null)]));
    }

    private static void Take(RepairPair pair, byte[] frame)
    {
        Assert.True(PeerCodec.TryDecode(frame, out var message));
        pair.Take(0, message!);
    }
}
