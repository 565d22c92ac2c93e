using Swim.Core.Primitives;

namespace Swim.Core.Ring;

/// <summary>
/// Places the home owners of all buckets within the bounds of load (after Mirrokni, Thorup, Zadimoghaddam 2018, with other rules of overflow): first the sets of owners, then
/// which of them is first, so that planning is spread as evenly as the copies.
/// </summary>
internal static class BoundedOwners
{
    // Under another seed than the tokens: what a member prefers to keep has nothing to do with where it stands.
    private const ulong KeepSeed = 0x4B65_6570;
    private const ulong LeadSeed = 0x4C65_6164;

    /// <summary>The owners of each bucket as indexes of members, first owner first, in one row after the other.</summary>
    public static int[] Place(ulong clusterId, HashRing ring, Zones zones, RingMember[] members, int perBucket, FairShares shares)
    {
        if (perBucket == 0) return [];
        var owners = BoundedMatching.Run(new HomePlacement(ring, zones), perBucket, shares.Bounds(), RankOf(members, clusterId ^ KeepSeed));
        var first = BoundedMatching.Run(new FirstOwners(owners, perBucket), 1, LeadBounds(owners, members), RankOf(members, clusterId ^ LeadSeed));
        for (var bucket = 0; bucket < Buckets.Count; bucket++) MoveToFront(owners.AsSpan(bucket * perBucket, perBucket), first[bucket]);
        return owners;
    }

    // Nobody leads more than it holds; what members of little load cannot lead is the others'.
    private static int[] LeadBounds(int[] owners, RingMember[] members)
    {
        var loads = new long[members.Length];
        foreach (var owner in owners) loads[owner]++;
        var shares = FairShares.Fill(
            Array.ConvertAll(members, static member => member.EffectiveWeight), new long[members.Length],
            Array.ConvertAll(loads, static load => load * FairShares.One / Buckets.Count), FairShares.One);
        return Array.ConvertAll(shares, FairShares.BoundOf);
    }

    private static Func<int, int, ulong> RankOf(RingMember[] members, ulong seed) => (node, bucket) => StableHash.Of(members[node].Id.Value, (ulong)bucket, seed);

    // The others keep their order: who follows a first owner that is down is the next of the walk.
    private static void MoveToFront(Span<int> owners, int first)
    {
        var place = owners.IndexOf(first);
        owners[..place].CopyTo(owners[1..]);
        owners[0] = first;
    }
}
