namespace Swim.Simulation.Network;

/// <summary>Which links are cut, each direction by itself. Cuts of several causes add up: a link is whole when all are mended.</summary>
public sealed class Cuts(int nodes)
{
    private readonly int[] _causes = new int[nodes * nodes];

    /// <summary>True when nothing gets from one to the other.</summary>
    public bool Has(int from, int to) => _causes[(from * nodes) + to] > 0;

    /// <summary>Cuts every link from a node of the one side to a node of the other, in this direction only.</summary>
    public void Cut(IReadOnlyList<int> from, IReadOnlyList<int> to) => Change(from, to, 1);

    /// <summary>Takes back one <see cref="Cut"/> of the same sides.</summary>
    public void Mend(IReadOnlyList<int> from, IReadOnlyList<int> to) => Change(from, to, -1);

    /// <summary>Mends all.</summary>
    public void Clear() => Array.Clear(_causes);

    /// <summary>The sides of a cut in a cluster of which only the first <paramref name="count"/> nodes are there; null where one side is empty.</summary>
    internal static (IReadOnlyList<int> From, IReadOnlyList<int> To)? Within(IReadOnlyList<int> from, IReadOnlyList<int> to, int count)
    {
        var (left, right) = (from.Where(node => node < count).ToList(), to.Where(node => node < count).ToList());
        return left.Count > 0 && right.Count > 0 ? (left, right) : null;
    }

    private void Change(IReadOnlyList<int> from, IReadOnlyList<int> to, int by)
    {
        foreach (var source in from)
        {
            foreach (var target in to)
            {
                ref var causes = ref _causes[(source * nodes) + target];
                causes = Math.Max(0, causes + by);
            }
        }
    }
}
