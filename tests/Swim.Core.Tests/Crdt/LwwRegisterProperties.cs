using FsCheck.Xunit;
using MessagePack;
using Swim.Core.Clocks;
using Swim.Core.Crdt;
using Swim.Core.Primitives;

namespace Swim.Core.Tests.Crdt;

[Properties(Arbitrary = [typeof(Histories)], MaxTest = 300, EndSize = 60, QuietOnSuccess = true)]
public sealed class LwwRegisterProperties
{
    // Few stamps and two nodes for three replicas, so that ties reach the dot.
    private static readonly Lattice<LwwRegister<ulong>> Lattice = new(
        () => new LwwRegister<ulong>(ElementFormat.Number),
        (left, right) => left.Merge(right),
        (state, step, index) =>
        {
            var delta = state.Write((ulong)step.Choice, new HlcTimestamp((ulong)step.Choice / 3), new NodeId((ulong)step.Replica / 2), new Dot((ulong)step.Replica + 1, (ulong)index + 1));
            return (state.Merge(delta), delta);
        },
        state => Encoding.Of((ref MessagePackWriter writer) => state.WriteTo(ref writer)),
        bytes => Encoding.Read(bytes, (ref MessagePackReader reader) => LwwRegister.Read(ref reader, ElementFormat.Number)),
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
