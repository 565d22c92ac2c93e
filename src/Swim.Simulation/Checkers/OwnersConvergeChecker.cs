namespace Swim.Simulation.Checkers;

/// <summary>After the heal all home owners of each bucket hold equal canonical bytes: equal digests.</summary>
internal sealed class OwnersConvergeChecker : IChecker
{
    private Owners? _owners;

    /// <inheritdoc/>
    public string Name => "AllOwnersConvergeAfterHeal";

    /// <inheritdoc/>
    public bool IsEventual => true;

    /// <inheritdoc/>
    public string? FindViolation(Simulator cluster)
    {
        _owners ??= new Owners(cluster);
        foreach (var bucket in cluster.UpNodes.SelectMany(node => node.Replica!.Held).Select(bucket => bucket.Number).Distinct().Order())
        {
            var digests = _owners.Of(bucket).Select(owner => (owner.Index, Digest: owner.Replica?.DigestOf(bucket) ?? 0)).ToList();
            var other = digests.FindIndex(owner => owner.Digest != digests[0].Digest);
            if (other >= 0) return $"n{digests[0].Index} and n{digests[other].Index} hold different cells of bucket {bucket}";
        }

        return null;
    }
}
