using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

/// <summary>The context against the plain set of dots it stands for.</summary>
[Properties(MaxTest = 500, EndSize = 40, QuietOnSuccess = true)]
public sealed class DotContextProperties
{
    [Property]
    public bool It_contains_exactly_what_was_added(byte[] raw)
    {
        var context = Of(raw);
        var dots = Dots(raw).ToHashSet();
        return All().All(dot => context.Contains(dot) == dots.Contains(dot));
    }

    [Property]
    public bool Merge_is_union_in_any_order(byte[] left, byte[] right)
    {
        var one = Of(left);
        one.Merge(Of(right));
        var other = Of(right);
        other.Merge(Of(left));
        return one.SameAs(other) && one.SameAs(Of([.. left, .. right])) && one.Covers(Of(left)) && one.Covers(Of(right));
    }

    [Property]
    public bool Covers_is_inclusion(byte[] left, byte[] right) => Of(left).Covers(Of(right)) == Dots(right).All(Dots(left).Contains);

    [Property]
    public bool Equal_contexts_have_equal_bytes_which_read_back(byte[] raw)
    {
        var bytes = Bytes(Of(raw));
        var backward = Bytes(Of([.. raw.Reverse()]));
        return bytes.AsSpan().SequenceEqual(backward)
            && Encoding.Read(bytes, (ref MessagePackReader reader) => DotContext.Read(ref reader)).SameAs(Of(raw));
    }

    [Property]
    public bool The_cloud_holds_only_what_lies_beyond_a_gap(byte[] raw)
    {
        var context = Of(raw);
        return context.Cloud.All(dot => dot.Seq > context.SeenUpTo(dot.Actor) + 1);
    }

    [Property]
    public bool A_range_is_its_dots(byte first, byte length, byte[] raw)
    {
        var (from, to) = (first % 8UL + 1, first % 8UL + 1 + length % 8UL);
        var byRange = Of(raw);
        byRange.AddRange(1, from, to);
        var byDot = Of(raw);
        for (var seq = to; seq >= from; seq--) byDot.Add(new Dot(1, seq));
        return byRange.SameAs(byDot);
    }

    // Three actors with up to 16 writes each: gaps and joins are common.
    private static IEnumerable<Dot> Dots(byte[] raw) => raw.Select(value => new Dot(value % 3UL + 1, (value / 3UL) % 16 + 1));

    private static IEnumerable<Dot> All() => Dots([.. Enumerable.Range(0, 48).Select(value => (byte)value)]);

    private static DotContext Of(byte[] raw)
    {
        var context = new DotContext();
        foreach (var dot in Dots(raw)) context.Add(dot);
        return context;
    }

    private static byte[] Bytes(DotContext context) => Encoding.Of((ref MessagePackWriter writer) => context.Write(ref writer));
}
