using Swim.Core.Replication;
using Swim.Core.Ring;
using Swim.Simulation.Nodes;

namespace Swim.Simulation.Checkers;

/// <summary>After the heal every cell that any node holds, stand-ins too, is held by each home owner, or a greater one in its place.</summary>
internal sealed class HandoffChecker : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "HandoffKeepsEveryCell";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        foreach (var node in cluster.UpNodes)
        {
            // The system bucket has a checker of its own: everybody holds it.
            foreach (var bucket in node.Replica!.Held.Where(static bucket => bucket.Number != Buckets.System))
            {
                if (Compare(node, bucket) is { } violation) return violation;
            }
        }

        return null;
    }

    private string? Compare(SimNode holder, Bucket bucket)
    {
        foreach (var owner in _owners!.Of(bucket.Number))
        {
            if (owner == holder || owner.Replica is not { } replica || replica.DigestOf(bucket.Number) == bucket.Digest) continue;
            foreach (var cell in bucket.Cells)
            {
                var held = replica.Find(cell.Key.Workflow)?.Find(cell.Key.Kind, cell.Key.Subkey);
                if (replica.HasTombstone(cell.Key.Workflow)) continue;
                if (held is null || held.CompareTo(cell) < 0) return $"n{owner.Index} lacks a {cell.Key.Kind} cell of {cell.Key.Workflow} that n{holder.Index} holds";
            }
        }

        return null;
    }
}
