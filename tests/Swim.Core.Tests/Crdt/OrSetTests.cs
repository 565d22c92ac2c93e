using MessagePack;
using Swim.Core.Crdt;
using Xunit;

namespace Swim.Core.Tests.Crdt;

public sealed class OrSetTests
{
    private const ulong Ann = 1;
    private const ulong Bob = 2;

    [Fact]
    public void An_add_wins_over_a_concurrent_remove()
    {
        var (ann, bob) = Shared("x");
        ann.Remove("x", Ann);
        bob.Add("x", Bob);
        Assert.True(Merged(ann, bob).Contains("x"));
        Assert.True(Merged(bob, ann).Contains("x"));
    }

    [Fact]
    public void A_remove_takes_only_the_adds_it_saw()
    {
        var (ann, bob) = Shared("x");
        var concurrent = bob.Add("y", Bob);
        ann.Remove("x", Ann);
        ann.Merge(concurrent);
        Assert.Equal(["y"], ann.Elements);
    }

    [Fact]
    public void A_removed_element_does_not_come_back_with_a_late_add()
    {
        var ann = Empty();
        var add = ann.Add("x", Ann);
        var remove = ann.Remove("x", Ann);
        var bob = Empty();
        bob.Merge(remove);
        Assert.True(bob.Merge(add));
        Assert.Empty(bob.Elements);
        Assert.True(bob.SameAs(ann));
    }

    [Fact]
    public void A_remove_takes_a_dot_of_its_own_and_names_those_it_removed()
    {
        var (ann, bob) = Shared("x");
        var remove = bob.Remove("x", Bob);
        Assert.Equal([new Dot(Ann, 1)], remove.Pending);
        Assert.False(remove.Context.Contains(new Dot(Ann, 1)));
        Assert.True(remove.Context.Contains(new Dot(Bob, 1)));
        Assert.Empty(remove.Elements);
        ann.Merge(remove);
        Assert.True(ann.SameAs(bob));
    }

    [Fact]
    public void Removing_what_is_absent_spends_no_dot()
    {
        var (_, bob) = Shared("x");
        Assert.True(bob.Remove("y", Bob).SameAs(Empty()));
        Assert.Equal(0UL, bob.Context.Highest(Bob));
    }

    [Fact]
    public void An_element_added_again_lives_under_its_new_dot_alone()
    {
        var (ann, bob) = Shared("x");
        var again = bob.Add("x", Bob);
        Assert.Equal([new Dot(Bob, 1)], bob.DotsOf("x"));
        ann.Merge(again);
        Assert.Equal([new Dot(Bob, 1)], ann.DotsOf("x"));
    }

    [Fact]
    public void Concurrent_adds_both_hold_the_element_until_one_remove_sees_both()
    {
        var ann = Empty();
        var bob = Empty();
        ann.Add("x", Ann);
        bob.Add("x", Bob);
        ann.Merge(bob);
        Assert.Equal([new Dot(Ann, 1), new Dot(Bob, 1)], ann.DotsOf("x"));
        ann.Remove("x", Ann);
        bob.Merge(ann);
        Assert.Empty(bob.Elements);
    }

    [Fact]
    public void A_delta_beyond_a_gap_is_not_taken_for_the_writes_before_it()
    {
        var ann = Empty();
        var first = ann.Add("x", Ann);
        var second = ann.Add("y", Ann);
        var bob = Empty();
        bob.Merge(second);
        Assert.Equal(["y"], bob.Elements);
        Assert.Equal(0UL, bob.Context.SeenUpTo(Ann));
        Assert.True(bob.Merge(first));
        Assert.Equal(["x", "y"], bob.Elements);
        Assert.Equal(2UL, bob.Context.SeenUpTo(Ann));
    }

    // Found by Merge_says_whether_it_changed_anything: with the removed dots in a delta's context the second add counted as seen
    // here, and a replica that asks by context would never have asked for it again.
    [Fact]
    public void A_remove_does_not_hide_the_add_it_removed_from_who_asks_by_context()
    {
        var ann = Empty();
        var first = ann.Add("x", Ann);
        var second = ann.Add("x", Ann);
        var remove = ann.Remove("x", Ann);
        var bob = Empty();
        bob.Merge(first);
        bob.Merge(remove);
        Assert.False(bob.Context.Covers(ann.Context));
        Assert.Equal([new Dot(Ann, 2)], bob.Pending);
        Assert.True(bob.Merge(second));
        Assert.True(bob.SameAs(ann));
        Assert.Empty(bob.Pending);
    }

    // The hot path: one delta into a large set must not walk it.
    [Fact]
    public void One_delta_into_a_large_set_allocates_the_same_as_into_a_small_one()
    {
        var small = AllocatedByOneAdd(50);
        var large = AllocatedByOneAdd(20_000);
        Assert.InRange(large, 0, small + 4_096);
    }

    [Theory]
    [InlineData("9292909090")]
    [InlineData("9392909090c0")]
    [InlineData("93929090909301")]
    [InlineData("9392909090930101a161")]
    [InlineData("9392920101909093" + "01c0a161")]
    [InlineData("9392920101909093" + "0100a161")]
    [InlineData("9392920102909096" + "0102a1610101a162")]
    [InlineData("93929201019092010190")]
    [InlineData("93929090910190")]
    public void Bytes_of_another_shape_are_refused(string hex)
    {
        var refusal = Record.Exception(() => Encoding.Read(
            Convert.FromHexString(hex), (ref MessagePackReader reader) => OrSet.Read(ref reader, ElementFormat.Text)));
        Assert.True(refusal is MessagePackSerializationException or EndOfStreamException, refusal?.ToString() ?? "taken");
    }

    private static long AllocatedByOneAdd(int elements)
    {
        var source = new OrSet<ulong>(ElementFormat.Number);
        for (var element = 0UL; element < (ulong)elements; element++) source.Add(element, Ann);
        var target = source.Clone();
        target.Merge(source.Add(1_000_000, Ann));
        var delta = source.Add(1_000_001, Ann);
        var before = GC.GetAllocatedBytesForCurrentThread();
        target.Merge(delta);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static OrSet<string> Empty() => new(ElementFormat.Text);

    private static (OrSet<string> Ann, OrSet<string> Bob) Shared(string element)
    {
        var ann = Empty();
        ann.Add(element, Ann);
        return (ann, ann.Clone());
    }

    private static OrSet<string> Merged(OrSet<string> left, OrSet<string> right)
    {
        var merged = left.Clone();
        merged.Merge(right);
        return merged;
    }
}
