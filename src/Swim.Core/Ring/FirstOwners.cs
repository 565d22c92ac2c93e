namespace Swim.Core.Ring;

/// <summary>Whom a bucket wants for first owner: the first of its home owners that did not refuse it, and any other of them as well.</summary>
internal sealed class FirstOwners(int[] owners, int perBucket) : IBucketWish
{
    /// <inheritdoc/>
    public int Choose(int bucket, ReadOnlySpan<int> refused, Span<int> chosen)
    {
        foreach (var owner in OwnersOf(bucket))
        {
            if (refused.Contains(owner)) continue;
            chosen[0] = owner;
            return 1;
        }

        return 0;
    }

    /// <inheritdoc/>
    public bool MayTake(int bucket, ReadOnlySpan<int> chosen, int node) => OwnersOf(bucket).Contains(node);

    /// <inheritdoc/>
    public bool MayTrade(int bucket, ReadOnlySpan<int> chosen, int from, int to) => from != to && chosen[0] == from && OwnersOf(bucket).Contains(to);

    private ReadOnlySpan<int> OwnersOf(int bucket) => owners.AsSpan(bucket * perBucket, perBucket);
}
