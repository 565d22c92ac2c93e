using Swim.Core.Ring;

namespace Swim.Simulation.Checkers;

/// <summary>After the heal nobody holds a bucket without being one of its home owners: former owners and stand-ins have handed over, and those that left hold nothing. Stand-ins for owners whose clocks are off go on standing in.</summary>
internal sealed class NoStateOnExOwnersChecker : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "NoStateOnExOwners";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        foreach (var node in cluster.UpNodes)
        {
            if (node.IsLeaving) return $"n{node.Index} has not left yet";
            foreach (var bucket in node.Replica!.Held.Where(static bucket => bucket.IsInUse && bucket.Number < Buckets.Count))
            {
                var owners = _owners.Of(bucket.Number);
                if (!owners.Contains(node) && owners.All(static owner => owner.Replica is not { ClockOffByMs: not 0 })) return $"n{node.Index} holds bucket {bucket.Number} with {bucket.CellCount} cells and does not own it";
            }
        }

        return null;
    }
}
