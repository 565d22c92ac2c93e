using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

/// <summary>The list of a workflow's cells, held to a sorted dictionary.</summary>
public sealed class CellListTests
{
    [Theory]
    [InlineData(1, 40, 3)]
    [InlineData(2, 400, 300)]
    [InlineData(3, 20_000, 4_000)]
    [InlineData(4, 20_000, 1_000_000)]
    public void It_holds_what_a_sorted_dictionary_holds_whatever_order_cells_come_in(ulong seed, int puts, int keys)
    {
        var prng = new Prng(seed);
        var (list, model) = (new CellList(), new SortedDictionary<CellKey, Cell>());
        for (ulong seq = 1; seq <= (ulong)puts; seq++)
        {
            var key = Key(prng, keys);
            var spot = list.Locate(key.Kind, key.Subkey);
            Assert.Same(model.GetValueOrDefault(key), list.At(spot));
            list.Put(spot, model[key] = CellOf(key, seq));
        }

        Assert.Equal(model.Values, list.All);
        for (var look = 0; look < 50; look++)
        {
            var key = Key(prng, keys);
            Assert.Equal(model.Values.Where(cell => cell.Key >= key), list.From(list.Locate(key.Kind, key.Subkey)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_holds_what_a_sorted_dictionary_holds_where_cells_come_in_order(bool isDescending)
    {
        var keys = Enumerable.Range(0, 5_000).Select(static i => new CellKey(default, (CellKind)(1 + (i / 2_000)), new Subkey((ulong)i))).ToList();
        var list = new CellList();
        foreach (var key in isDescending ? Enumerable.Reverse(keys) : keys) list.Put(list.Locate(key.Kind, key.Subkey), CellOf(key, 1));
        Assert.Equal(keys, list.All.Select(static cell => cell.Key));
        Assert.All(keys, key => Assert.Equal(key, list.At(list.Locate(key.Kind, key.Subkey))!.Key));
    }

    [Fact]
    public void A_cell_keeps_no_more_alive_than_itself()
    {
        var frame = new byte[1_000];
        var (part, whole) = (CellOf(default, 1, frame.AsMemory(10, 5)), CellOf(default, 1, frame));
        Array.Fill(frame, (byte)7);
        Assert.Equal(new byte[5], part.Payload);
        Assert.Equal(frame, whole.Payload);
    }

    private static CellKey Key(Prng prng, int keys) =>
        new(default, (CellKind)(0x80 + prng.Next(3)), new Subkey((ulong)prng.Next(keys), (ulong)prng.Next(2)));

    private static Cell CellOf(CellKey key, ulong seq, ReadOnlyMemory<byte> payload = default) =>
        new(key, new HlcTimestamp(1), new NodeId(1), new Dot(1, seq), payload);
}
