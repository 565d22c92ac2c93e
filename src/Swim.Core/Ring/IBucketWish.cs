namespace Swim.Core.Ring;

/// <summary>Whom a bucket wants, and who would do as well: what <see cref="BoundedMatching"/> asks.</summary>
internal interface IBucketWish
{
    /// <summary>
    /// Fills <paramref name="chosen"/> with the members that the bucket likes best but for those that refused it; fewer where there are not enough.
    /// Who was chosen before and did not refuse is chosen again: one refusal changes one choice.
    /// </summary>
    int Choose(int bucket, ReadOnlySpan<int> refused, Span<int> chosen);

    /// <summary>True when <paramref name="node"/> may complete a bucket that has <paramref name="chosen"/>.</summary>
    bool MayTake(int bucket, ReadOnlySpan<int> chosen, int node);

    /// <summary>True when a bucket that has <paramref name="chosen"/> may give up <paramref name="from"/> for <paramref name="to"/>.</summary>
    bool MayTrade(int bucket, ReadOnlySpan<int> chosen, int from, int to);
}
