using Swim.Core.Primitives;

namespace Swim.Core.Tests.Crdt;

/// <summary>The algebra every replicated type must satisfy (state.md's invariants by name), over the states of a history.</summary>
public static class Laws
{
    // Enough to meet deltas against states and against each other; all triples of a long history would be thousands.
    private const int StatesMax = 7;

    public static bool MergeIdempotent<T>(Lattice<T> lattice, History history) =>
        Of(lattice, history).All(state => lattice.AreEqual(lattice.Join(state, state), state));

    public static bool MergeCommutative<T>(Lattice<T> lattice, History history)
    {
        var states = Of(lattice, history);
        return states.All(a => states.All(b => lattice.AreEqual(lattice.Join(a, b), lattice.Join(b, a))));
    }

    public static bool MergeAssociative<T>(Lattice<T> lattice, History history)
    {
        var states = Of(lattice, history);
        return states.All(a => states.All(b => states.All(c =>
            lattice.AreEqual(lattice.Join(lattice.Join(a, b), c), lattice.Join(a, lattice.Join(b, c))))));
    }

    public static bool BottomIsIdentity<T>(Lattice<T> lattice, History history) => Of(lattice, history).All(state =>
        lattice.AreEqual(lattice.Join(state, lattice.Bottom()), state) && lattice.AreEqual(lattice.Join(lattice.Bottom(), state), state));

    /// <summary>A local operation only ever goes up.</summary>
    public static bool MutatorInflates<T>(Lattice<T> lattice, History history) =>
        Run<T>.Of(lattice, history).Mutations.All(mutation => lattice.IsAtMost(mutation.Before, mutation.After));

    /// <summary>m(X) = X ⊔ mδ(X).</summary>
    public static bool DeltaEqualsFull<T>(Lattice<T> lattice, History history) =>
        Run<T>.Of(lattice, history).Mutations.All(mutation =>
            lattice.AreEqual(lattice.Join(mutation.Before, mutation.Delta), mutation.After));

    /// <summary>All deltas in any order, some twice, give what merging all replicas gives.</summary>
    public static bool ConvergeAnyOrderAnyDup<T>(Lattice<T> lattice, History history, ulong seed)
    {
        var run = Run<T>.Of(lattice, history);
        var expected = run.Replicas.Aggregate(lattice.Bottom(), lattice.Join);
        var prng = new Prng(seed);
        var deltas = run.Mutations.Select(mutation => mutation.Delta).ToList();
        deltas.AddRange(deltas.Where(_ => prng.Chance(300)).ToList());
        prng.Shuffle(deltas);
        return lattice.AreEqual(deltas.Aggregate(lattice.Bottom(), lattice.Join), expected);
    }

    /// <summary>Deltas joined to one another first are a delta.</summary>
    public static bool DeltaGroupsEqualDeltas<T>(Lattice<T> lattice, History history)
    {
        var run = Run<T>.Of(lattice, history);
        var group = run.Mutations.Select(mutation => mutation.Delta).Aggregate(lattice.Bottom(), lattice.Join);
        return run.Replicas.All(state => lattice.AreEqual(
            lattice.Join(state, group),
            run.Mutations.Aggregate(state, (joined, mutation) => lattice.Join(joined, mutation.Delta))));
    }

    /// <summary>Equal states have equal bytes, however they came to be; <see cref="Lattice{T}.AreEqual"/> throws otherwise.</summary>
    public static bool CanonicalBytes<T>(Lattice<T> lattice, History history)
    {
        var states = Of(lattice, history);
        var forward = states.Aggregate(lattice.Bottom(), lattice.Join);
        var backward = states.Reverse().Aggregate(lattice.Bottom(), lattice.Join);
        return lattice.AreEqual(forward, backward) && states.All(a => states.All(b => lattice.AreEqual(a, b) || !lattice.Same(a, b)));
    }

    public static bool CodecRoundTrip<T>(Lattice<T> lattice, History history) =>
        Of(lattice, history).All(state => lattice.AreEqual(lattice.Decode(lattice.Encode(state)), state));

    private static IReadOnlyList<T> Of<T>(Lattice<T> lattice, History history)
    {
        var states = Run<T>.Of(lattice, history).States;
        return [.. states.Take(History.Replicas), .. states.Skip(History.Replicas).TakeLast(StatesMax - History.Replicas)];
    }
}
