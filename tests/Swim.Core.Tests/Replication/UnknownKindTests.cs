using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Swim.Core.Workflows;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>Cells of a kind that a later version made: kept, merged and passed on as they are.</summary>
public sealed class UnknownKindTests
{
    // One of each family of merges that has unassigned kinds; none of the payloads is MessagePack.
    private static readonly byte[][] Payloads = [[], [0xC1], [0xFF, 0x00, 0xC1, 0x7F]];

    [Theory]
    [InlineData(0x1E)]
    [InlineData(0x5E)]
    [InlineData(0x9E)]
    public void They_reach_the_other_side_to_the_byte(byte kind)
    {
        var pair = new RepairPair();
        var cells = Payloads.Select((payload, index) => CellOf(kind, (ulong)index + 1, payload)).ToList();
        pair.Push(0, cells, (ulong)cells.Count);
        Assert.True(pair.RunUntilEqual());
        foreach (var cell in cells)
        {
            var arrived = pair[1].Find(cell.Key.Workflow)!.Find(cell.Key.Kind, cell.Key.Subkey);
            Assert.True(arrived!.SameAs(cell));
            Assert.Equal(cell.Payload.ToArray(), arrived.Payload.ToArray());
        }
    }

    [Theory]
    [InlineData(0x1E)]
    [InlineData(0x5E)]
    [InlineData(0x9E)]
    public void Of_two_under_one_key_both_sides_keep_the_same(byte kind)
    {
        var pair = new RepairPair();
        pair.Push(0, [CellOf(kind, 1, [1], subkey: 7)], 1);
        pair.Push(1, [CellOf(kind, 2, [2], subkey: 7)], 2, from: 2);
        Assert.True(pair.RunUntilEqual());
        for (var side = 0; side < 2; side++) Assert.Equal(1, pair[side].CellCount);
        Assert.Equal(pair[0].DigestOf(RepairPair.Bucket), pair[1].DigestOf(RepairPair.Bucket));
    }

    private static Cell CellOf(byte kind, ulong seq, byte[] payload, ulong? subkey = null) => new(
        new CellKey(new WorkflowId((ulong)RepairPair.Bucket << 52, 1), (CellKind)kind, new Subkey(subkey ?? seq)),
        HlcTimestamp.From(1_699_999_999_000, 0), new NodeId(9), new Dot(77, seq), payload);
}
