namespace Swim.Simulation.Checkers;

/// <summary>
/// In the end every node has the ring of the members that there are: those removed are not on it, those that came back are, and all hold
/// the same system bucket.
/// </summary>
internal sealed class OneRingChecker : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "OneRing";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        UInt128? digest = null;
        foreach (var node in cluster.UpNodes)
        {
            if (node.Replica!.RingFingerprint != _owners.RingFingerprint) return $"n{node.Index} has another ring than the machines make";
            var its = node.Replica.DigestOf(Swim.Core.Ring.Buckets.System);
            if ((digest ??= its) != its) return $"n{node.Index} holds another system bucket";
        }

        return digest == UInt128.Zero && cluster.Removed.Count > 0 ? "a removal is held by nobody" : null;
    }
}
