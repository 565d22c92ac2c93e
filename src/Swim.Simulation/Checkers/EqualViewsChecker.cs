namespace Swim.Simulation.Checkers;

/// <summary>All nodes that run hold the same records of the same members: equal fingerprints.</summary>
public sealed class EqualViewsChecker : IChecker
{
    /// <inheritdoc/>
    public string Name => "EqualViews";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        Nodes.SimNode? first = null;
        foreach (var node in cluster.UpNodes)
        {
            first ??= node;
            if (node.Members!.Fingerprint != first.Members!.Fingerprint) return $"n{first.Index} and n{node.Index} hold different members";
        }

        return null;
    }
}
