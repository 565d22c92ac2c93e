using Swim.Core.Primitives;
using Swim.Core.Replication.Riblt;
using Xunit;

namespace Swim.Core.Tests.Replication.Riblt;

/// <summary>Set differences from coded symbols: found whole at the price the paper tells, and no symbols whatever make it loop.</summary>
public sealed class SymbolDecoderTests
{
    // Mean over the runs: the paper's figure 4 has 1.72 at its highest, at a handful of differences, and 1.35 in the limit.
    [Theory]
    [InlineData(1, 200, 1.8)]
    [InlineData(10, 200, 1.8)]
    [InlineData(100, 40, 1.6)]
    [InlineData(1_000, 10, 1.5)]
    [InlineData(10_000, 2, 1.4)]
    public void Differences_are_found_with_the_symbols_the_paper_tells(int differences, int runs, double symbolsEach)
    {
        var symbols = 0L;
        for (var run = 0; run < runs; run++)
        {
            var prng = new Prng((ulong)((differences * 1_000) + run));
            var theirs = prng.Next(differences + 1);
            var (alike, onlyTheirs, onlyMine) = (Draw(prng, 2_000), Draw(prng, theirs), Draw(prng, differences - theirs));
            var encoder = new SymbolEncoder([.. alike, .. onlyTheirs]);
            var decoder = new SymbolDecoder([.. onlyMine, .. alike]);
            while (!decoder.IsDecoded)
            {
                Assert.True(decoder.SymbolCount < (4 * differences) + 20 && !decoder.IsBroken);
                decoder.Add(encoder.Take(decoder.SymbolCount, Math.Max(1, decoder.SymbolCount / 200)));
            }

            Assert.Equal(onlyTheirs.Order(), decoder.Theirs.Order());
            Assert.Equal(onlyMine.Order(), decoder.Mine.Order());
            symbols += decoder.SymbolCount;
        }

        Assert.InRange((double)symbols / runs / differences, 1, symbolsEach);
    }

    [Fact]
    public void One_symbol_tells_that_nothing_differs()
    {
        var items = Draw(new Prng(1), 5_000);
        var decoder = new SymbolDecoder(items);
        decoder.Add(new SymbolEncoder(items.Reverse()).Take(0, 1));
        Assert.True(decoder.IsDecoded);
        Assert.Empty(decoder.Theirs.Concat(decoder.Mine));
    }

    [Fact]
    public void The_first_symbol_tells_how_many_differ_at_least()
    {
        var items = Draw(new Prng(2), 300);
        var decoder = new SymbolDecoder(items[..100]);
        decoder.Add(new SymbolEncoder(items).Take(0, 2));
        Assert.Equal((300, 200), (decoder.TheirCount, decoder.AtLeast));
    }

    [Fact]
    public void Symbols_come_out_the_same_in_whatever_steps_they_are_asked_for()
    {
        var items = Draw(new Prng(3), 500);
        var inSteps = new SymbolEncoder(items);
        var steps = new[] { 2, 6, 1, 91, 100 };
        var taken = new List<CodedSymbol>();
        foreach (var step in steps) taken.AddRange(inSteps.Take(taken.Count, step));
        Assert.Equal(new SymbolEncoder(items).Take(0, 200), taken);
        Assert.Equal(taken.GetRange(2, 7), inSteps.Take(2, 7));
    }

    // The same on every machine: both sides of an exchange draw these for themselves.
    [Fact]
    public void The_indexes_of_an_item_are_those_of_all_versions()
    {
        var walk = new SymbolWalk(0x0123456789ABCDEF);
        var indexes = new List<long>();
        for (; indexes.Count < 12; walk.Next()) indexes.Add(walk.Index);
        Assert.Equal(GoldenIndexes, indexes);
    }

    [Fact]
    public void An_item_maps_to_each_index_as_often_as_the_paper_says()
    {
        const int Items = 40_000;
        var hits = new int[64];
        foreach (var item in Draw(new Prng(4), Items))
        {
            for (var walk = new SymbolWalk(item); walk.Index < hits.Length; walk.Next()) hits[walk.Index]++;
        }

        for (var i = 0; i < hits.Length; i++) Assert.InRange(hits[i] / (Items / (1 + (i / 2.0))), i == 0 ? 1 : 0.85, i == 0 ? 1 : 1.15);
    }

    [Fact]
    public void Symbols_of_no_set_end_the_search()
    {
        var broken = 0;
        for (var seed = 0UL; seed < 300; seed++)
        {
            var prng = new Prng(seed);
            var decoder = new SymbolDecoder(Draw(prng, 20));
            for (var batch = 0; batch < 4; batch++) decoder.Add(Hostile(prng, 50));
            broken += decoder.IsBroken ? 1 : 0;
            Assert.True(decoder.Theirs.Count() + decoder.Mine.Count() <= decoder.SymbolCount);
            Assert.False(decoder.IsDecoded);
        }

        Assert.True(broken > 0, "no symbols of these made the search go round");
    }

    private static readonly long[] GoldenIndexes = [0, 4, 5, 14, 18, 278, 981, 1155, 1579, 1600, 4129, 4607];

    // Pure symbols that contradict each other: taking one out makes another pure, again and again.
    private static List<CodedSymbol> Hostile(Prng prng, int count)
    {
        var items = Draw(prng, 3);
        var symbols = new List<CodedSymbol>();
        for (var i = 0; i < count; i++) symbols.Add(default(CodedSymbol).With(items[prng.Next(3)], prng.Next(2) == 0 ? 1 : -1));
        return symbols;
    }

    private static ulong[] Draw(Prng prng, int count)
    {
        var items = new ulong[count];
        for (var i = 0; i < count; i++) items[i] = prng.NextUInt64();
        return items;
    }
}
