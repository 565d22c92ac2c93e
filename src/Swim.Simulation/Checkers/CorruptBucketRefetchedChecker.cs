using Swim.Core.Crdt;
using Swim.Core.Replication;
using Swim.Simulation.Nodes;
using Swim.Simulation.Workloads;

namespace Swim.Simulation.Checkers;

/// <summary>
/// A node whose disk decayed holds in the end, of each bucket it owns, all that the others held at that moment, and has seen what they had seen: what
/// it could not read any more it fetched.
/// </summary>
internal sealed class CorruptBucketRefetchedChecker(Workload work) : IChecker, IObserver
{
    private readonly List<(int Node, int Bucket, List<Cell> Cells, DotContext Seen)> _expected = [];
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "CorruptBucketRefetched";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public void OnDecayed(int node)
    {
        _owners ??= new Owners(work.Cluster);
        foreach (var other in work.Cluster.UpNodes)
        {
            foreach (var bucket in other.Replica!.Held.Where(bucket => _owners.Of(bucket.Number).Any(owner => owner.Index == node)))
                _expected.Add((node, bucket.Number, [.. bucket.Cells], bucket.Context.Clone()));
        }
    }

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        foreach (var (index, bucket, cells, seen) in _expected)
        {
            if (Compare(cluster.Nodes[index], bucket, cells, seen) is { } missing) return $"n{index}, whose disk decayed, {missing}";
        }

        return null;
    }

    private static string? Compare(SimNode node, int number, List<Cell> cells, DotContext seen)
    {
        var bucket = node.Replica?.Held.FirstOrDefault(held => held.Number == number);
        if (bucket is null) return cells.Count == 0 ? null : $"holds nothing of bucket {number}";
        foreach (var cell in cells)
        {
            var held = bucket.Find(cell.Key.Workflow)?.Find(cell.Key.Kind, cell.Key.Subkey);
            if (held is null || held.CompareTo(cell) < 0) return $"lacks the {cell.Key.Kind} cell of {cell.Key.Workflow}";
        }

        return bucket.Context.Covers(seen) ? null : $"has not seen all writes of bucket {number} that others had";
    }
}
