using Swim.Core.Crdt;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Crdt;

public sealed class ElementTableTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(3_000)]
    public void It_holds_what_was_put_in_and_not_taken_out(int elements)
    {
        var (table, model, prng) = (new ElementTable<ulong>(ElementFormat.Number), new SortedDictionary<ulong, Dot>(), new Prng(5));
        for (var step = 1UL; step <= 40_000; step++)
        {
            var element = (ulong)prng.Next(elements);
            Assert.Equal(model.TryGetValue(element, out var dot) ? [dot] : null, table.Find(element));
            if (prng.Next(2) == 0) Put(table, model, element, new Dot(1, step));
            else Assert.Equal(model.Remove(element), table.Remove(element) is not null);
            Assert.Equal(model.Count, table.Count);
        }

        Assert.Equal(model.Keys, table.Keys.Order());
    }

    // Each of them begins to look at the same place.
    [Fact]
    public void Elements_with_one_hash_are_told_apart()
    {
        var format = ElementFormat.Number with { Hash = static _ => 77 };
        var table = new ElementTable<ulong>(format);
        for (var element = 0UL; element < 100; element++) table.FindOrAdd(element).Add(new Dot(1, element + 1));
        for (var element = 0UL; element < 100; element += 2) table.Remove(element);
        for (var element = 0UL; element < 100; element++) Assert.Equal(element % 2 == 0 ? null : [new Dot(1, element + 1)], table.Find(element));
    }

    private static void Put(ElementTable<ulong> table, SortedDictionary<ulong, Dot> model, ulong element, Dot dot)
    {
        var dots = table.FindOrAdd(element);
        dots.Clear();
        dots.Add(dot);
        model[element] = dot;
    }
}
