namespace Swim.Core.Tests.Crdt;

/// <summary>A replicated type as the laws see it: pure functions over states that nobody changes.</summary>
/// <param name="Bottom">The state of a replica that saw nothing.</param>
/// <param name="Join">Merge.</param>
/// <param name="Mutate">A local operation: the state after it and its delta.</param>
/// <param name="Encode">Canonical bytes.</param>
/// <param name="Decode">From bytes.</param>
/// <param name="Same">The type's own equality.</param>
public sealed record Lattice<T>(
    Func<T> Bottom,
    Func<T, T, T> Join,
    Func<T, Step, int, (T State, T Delta)> Mutate,
    Func<T, byte[]> Encode,
    Func<byte[], T> Decode,
    Func<T, T, bool> Same)
{
    /// <summary>Equal to the byte, and the type's own equality says the same.</summary>
    public bool AreEqual(T left, T right)
    {
        var areSameBytes = Encode(left).AsSpan().SequenceEqual(Encode(right));
        return areSameBytes == Same(left, right)
            ? areSameBytes
            : throw new InvalidOperationException("Canonical bytes and equality disagree.");
    }

    /// <summary>True when <paramref name="greater"/> has all that <paramref name="less"/> has.</summary>
    public bool IsAtMost(T less, T greater) => AreEqual(Join(less, greater), greater);
}

/// <summary>A local operation as it ran: the state before, the state after, and the delta.</summary>
public sealed record Mutation<T>(T Before, T After, T Delta);

/// <summary>A history carried out: where the replicas ended, and every local operation on the way.</summary>
public sealed record Run<T>(IReadOnlyList<T> Replicas, IReadOnlyList<Mutation<T>> Mutations)
{
    internal static Run<T> Of(Lattice<T> lattice, History history)
    {
        var replicas = Enumerable.Range(0, History.Replicas).Select(_ => lattice.Bottom()).ToArray();
        var mutations = new List<Mutation<T>>();
        for (var index = 0; index < history.Steps.Count; index++)
        {
            var step = history.Steps[index];
            ref var replica = ref replicas[step.Replica];
            switch (step.Kind)
            {
                case StepKind.MergeState:
                    replica = lattice.Join(replica, replicas[step.Choice % History.Replicas]);
                    break;
                case StepKind.MergeDelta when mutations.Count > 0:
                    replica = lattice.Join(replica, mutations[step.Choice % mutations.Count].Delta);
                    break;
                case StepKind.Add or StepKind.Remove:
                    var (after, delta) = lattice.Mutate(replica, step, index);
                    mutations.Add(new Mutation<T>(replica, after, delta));
                    replica = after;
                    break;
            }
        }

        return new Run<T>(replicas, mutations);
    }

    /// <summary>The final states and the deltas: everything a merge may meet.</summary>
    public IReadOnlyList<T> States => [.. Replicas, .. Mutations.Select(mutation => mutation.Delta)];
}
