using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Crdt;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class GSetProperties
{
    private static readonly Lattice<GSet<ulong>> Lattice = new(
        () => new GSet<ulong>(ElementFormat.Number),
        (left, right) => { var joined = left.Clone(); joined.Merge(right); return joined; },
        (state, step, _) => { var after = state.Clone(); return (after, after.Add((ulong)(step.Choice % History.Elements))); },
        state => Encoding.Of((ref MessagePackWriter writer) => state.Write(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => GSet.Read(ref reader, ElementFormat.Number)),
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
}
