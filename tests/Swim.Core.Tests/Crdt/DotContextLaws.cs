using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class DotContextLaws
{
    private static readonly Lattice<DotContext> Lattice = new(
        () => new DotContext(),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        Mutate,
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => DotContext.Read(ref reader)),
        (left, right) => left.SameAs(right));

    [Property]
    public bool Merge_is_idempotent(History history) => Laws.MergeIdempotent(Lattice, history);

    [Property]
    public bool Merge_is_commutative(History history) => Laws.MergeCommutative(Lattice, history);

    [Property]
    public bool Merge_is_associative(History history) => Laws.MergeAssociative(Lattice, history);

    [Property]
    public bool Bottom_is_the_identity_of_merge(History history) => Laws.BottomIsIdentity(Lattice, history);

    [Property]
    public bool Operations_only_inflate(History history) => Laws.MutatorInflates(Lattice, history);

    [Property]
    public bool A_delta_does_what_the_operation_did(History history) => Laws.DeltaEqualsFull(Lattice, history);

    [Property]
    public bool Joined_deltas_are_a_delta(History history) => Laws.DeltaGroupsEqualDeltas(Lattice, history);

    [Property]
    public bool Equal_states_have_equal_bytes(History history) => Laws.CanonicalBytes(Lattice, history);

    [Property]
    public bool Bytes_read_back_to_the_same_state(History history) => Laws.CodecRoundTrip(Lattice, history);

    [Property]
    public bool Deltas_converge_in_any_order_with_doubles(History history, ulong seed) => Laws.ConvergeAnyOrderAnyDup(Lattice, history, seed);

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
