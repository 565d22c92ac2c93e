namespace Swim.Core.Ring;

/// <summary>
/// How much of every bucket each member should hold: in proportion to its weight, as far as copies spread over zones allow. In whole numbers, so that
/// all machines agree. Where zones are too uneven for their weights, members of the lesser zones get more than their weight says.
/// </summary>
internal sealed class FairShares
{
    /// <summary>A whole bucket.</summary>
    public const long One = 1L << 32;

    private FairShares(long[] ofNode) => OfNode = ofNode;

    /// <summary>For each member its part of a bucket, on average over buckets: <see cref="One"/> means that it holds every one.</summary>
    public long[] OfNode { get; }

    /// <summary>The shares of members, of which each bucket has <paramref name="copies"/>, no more than there are members.</summary>
    public static FairShares Of(Zones zones, int[] weights, int copies)
    {
        var weightOf = new int[zones.Count];
        for (var node = 0; node < weights.Length; node++) weightOf[zones.Of(node)] += weights[node];
        var range = Enumerable.Range(0, zones.Count).ToArray();
        var perZone = Fill(weightOf, [.. range.Select(zone => zones.CopiesMin(zone) * One)], [.. range.Select(zone => zones.CopiesMax(zone) * One)], copies * One);
        var ofNode = new long[weights.Length];
        foreach (var zone in range)
        {
            var inZone = Enumerable.Range(0, weights.Length).Where(node => zones.Of(node) == zone).ToArray();
            var filled = Fill([.. inZone.Select(node => weights[node])], new long[inZone.Length], [.. inZone.Select(static _ => One)], perZone[zone]);
            for (var i = 0; i < inZone.Length; i++) ofNode[inZone[i]] = filled[i];
        }

        return new FairShares(ofNode);
    }

    /// <summary>The most buckets each member may hold: ceil(1.10 of its share), or all.</summary>
    public int[] Bounds() => Array.ConvertAll(OfNode, BoundOf);

    /// <summary>The most buckets for a share: ceil(1.10 of it), and at most all.</summary>
    public static int BoundOf(long share) => (int)Int128.Min(Buckets.Count, (((Int128)share * Buckets.Count * 11) + (One * 10) - 1) / (One * 10));

    /// <summary>
    /// Shares <paramref name="total"/> in proportion to the weights, nobody getting less than its floor or more than its ceiling. The parts may fall
    /// short of the total by rounding.
    /// </summary>
    public static long[] Fill(int[] weights, long[] floors, long[] ceilings, long total)
    {
        // The greatest level at which the parts do not exceed the total; every part grows with the level.
        var (low, high) = (0UL, (ulong)One << 24);
        while (low < high)
        {
            var level = low + ((high - low + 1) / 2);
            if (SumAt(level, weights, floors, ceilings) <= total) low = level;
            else high = level - 1;
        }

        return [.. weights.Select((weight, i) => PartAt(low, weight, floors[i], ceilings[i]))];
    }

    private static Int128 SumAt(ulong level, int[] weights, long[] floors, long[] ceilings)
    {
        Int128 sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += PartAt(level, weights[i], floors[i], ceilings[i]);
        return sum;
    }

    // A level has eight bits behind the point.
    private static long PartAt(ulong level, int weight, long floor, long ceiling) =>
        (long)Int128.Clamp(((Int128)level * weight) >> 8, floor, ceiling);
}
