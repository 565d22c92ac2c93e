using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class DotContextLaws() : LatticeLaws<DotContext>(Lattice)
{
    private static readonly Lattice<DotContext> Lattice = new(
        () => new DotContext(),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        Mutate,
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => DotContext.Read(ref reader)),
        (left, right) => left.SameAs(right));

    [Property]
    public bool Merge_says_whether_it_changed_anything(History history)
    {
        var states = Run<DotContext>.Of(Lattice, history).States;
        return states.All(state => states.All(other =>
        {
            var joined = state.Clone();
            return joined.Merge(other) != Lattice.AreEqual(joined, state) && joined.Covers(state) && joined.Covers(other);
        }));
    }

    // A write of the own actor; its delta is that dot alone, so deltas out of order leave gaps. Actors are apart, so no dot is given twice.
    private static (DotContext State, DotContext Delta) Mutate(DotContext state, Step step, int index)
    {
        var (after, delta) = (state.Clone(), new DotContext());
        delta.Add(after.Highest((ulong)step.Replica + 1) is var highest && highest == after.SeenUpTo((ulong)step.Replica + 1)
            ? after.Next((ulong)step.Replica + 1)
            : new Dot((ulong)step.Replica + 1, highest + 1));
        after.Merge(delta);
        return (after, delta);
    }
}
