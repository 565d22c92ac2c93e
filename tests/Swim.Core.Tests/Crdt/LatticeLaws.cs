using FsCheck.Xunit;

namespace Swim.Core.Tests.Crdt;

/// <summary>The <see cref="Laws"/> as tests of one type; whoever derives names the type, and adds what holds for it alone.</summary>
public abstract class LatticeLaws<T>(Lattice<T> lattice)
{
    [Property]
    public bool Merge_is_idempotent(History history) => Laws.MergeIdempotent(lattice, history);

    [Property]
    public bool Merge_is_commutative(History history) => Laws.MergeCommutative(lattice, history);

    [Property]
    public bool Merge_is_associative(History history) => Laws.MergeAssociative(lattice, history);

    [Property]
    public bool Bottom_is_the_identity_of_merge(History history) => Laws.BottomIsIdentity(lattice, history);

    [Property]
    public bool Operations_only_inflate(History history) => Laws.MutatorInflates(lattice, history);

    [Property]
    public bool A_delta_does_what_the_operation_did(History history) => Laws.DeltaEqualsFull(lattice, history);

    [Property]
    public bool Joined_deltas_are_a_delta(History history) => Laws.DeltaGroupsEqualDeltas(lattice, history);

    [Property]
    public bool Equal_states_have_equal_bytes(History history) => Laws.CanonicalBytes(lattice, history);

    [Property]
    public bool Bytes_read_back_to_the_same_state(History history) => Laws.CodecRoundTrip(lattice, history);

    [Property]
    public bool Deltas_converge_in_any_order_with_doubles(History history, ulong seed) => Laws.ConvergeAnyOrderAnyDup(lattice, history, seed);
}
