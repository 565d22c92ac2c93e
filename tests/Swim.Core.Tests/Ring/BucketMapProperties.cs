using FsCheck.Xunit;
using Swim.Core.Primitives;
using Swim.Core.Ring;

namespace Swim.Core.Tests.Ring;

/// <summary>The laws of the placement over random members: their number, zones, weights and R.</summary>
[Properties(MaxTest = 50, QuietOnSuccess = true)]
public sealed class BucketMapProperties
{
    private const ulong Cluster = 0xC1;

    [Property]
    public bool Owners_are_distinct_and_their_zones_as_even_as_can_be(int seed)
    {
        var (members, replicas) = Any(seed, zonesMax: 5, weightMax: 16);
        var zoneOf = members.ToDictionary(static member => member.Id, static member => member.Zone);
        var sizes = members.CountBy(static member => member.Zone).ToDictionary();
        return Rows(BucketMap.Build(Cluster, members, replicas)).All(row =>
        {
            var copies = row.CountBy(id => zoneOf[id]).ToDictionary();
            var most = copies.Values.Max();
            // A zone with two copies less than another has no further member.
            return row.Distinct().Count() == Math.Min(replicas, members.Length)
                && sizes.All(zone => copies.GetValueOrDefault(zone.Key) >= Math.Min(zone.Value, most - 1));
        });
    }

    [Property]
    public bool Nobody_holds_more_than_its_bound(int seed)
    {
        var (members, replicas) = Any(seed, zonesMax: 5, weightMax: 16);
        var map = BucketMap.Build(Cluster, members, replicas);
        var held = Held(map, static row => row);
        return Enumerable.Range(0, members.Length).All(i => held.GetValueOrDefault(map.Members[i].Id) <= map.BoundOf(i));
    }

    [Property]
    public bool Within_one_zone_holding_and_leading_are_bounded_by_the_design(int seed)
    {
        var (members, replicas) = Any(seed, zonesMax: 1, weightMax: 1);
        var map = BucketMap.Build(Cluster, members, replicas);
        return Held(map, static row => row).Values.All(held => held <= Bound(Buckets.Count * map.Replicas, members.Length))
            && Held(map, static row => row[..1]).Values.All(led => led <= Bound(Buckets.Count, members.Length));
    }

    [Property]
    public bool Zones_of_equal_size_cost_nothing_of_the_bound(int seed)
    {
        var prng = new Prng((ulong)seed);
        var (zones, each) = (1 + (int)(prng.NextUInt64() % 5), 1 + (int)(prng.NextUInt64() % 8));
        var members = Enumerable.Range(0, zones * each).Select(i => new RingMember(new NodeId(prng.NextUInt64()), $"z{i % zones}")).ToArray();
        var map = BucketMap.Build(Cluster, members, 3);
        return Held(map, static row => row).Values.All(held => held <= Bound(Buckets.Count * map.Replicas, members.Length))
            && Held(map, static row => row[..1]).Values.All(led => led <= Bound(Buckets.Count, members.Length));
    }

    [Property]
    public bool Weights_scale_the_bounds(int seed)
    {
        var (drawn, replicas) = Any(seed, zonesMax: 1, weightMax: 4);
        // Enough members that none would have to hold a bucket more than once.
        RingMember[] members = [.. drawn, .. Any(seed + 1, 1, 4).Members, .. Enumerable.Range(1, 16).Select(static i => new RingMember(new NodeId((ulong)i), "z1", 2))];
        var map = BucketMap.Build(Cluster, members, replicas);
        var weights = members.Sum(static member => member.Weight);
        var (held, led) = (Held(map, static row => row), Held(map, static row => row[..1]));
        return members.All(member => held.GetValueOrDefault(member.Id) <= Bound(Buckets.Count * replicas * member.Weight, weights))
            && members.All(member => led.GetValueOrDefault(member.Id) <= Bound(Buckets.Count * member.Weight, weights));
    }

    [Property]
    public bool Members_in_any_order_give_the_same_map(int seed)
    {
        var (members, replicas) = Any(seed, zonesMax: 4, weightMax: 16);
        var shuffled = members.ToList();
        new Prng((ulong)seed ^ 7).Shuffle(shuffled);
        var (one, other) = (BucketMap.Build(Cluster, members, replicas), BucketMap.Build(Cluster, shuffled, replicas));
        return one.Fingerprint == other.Fingerprint && Rows(one).SelectMany(static row => row).SequenceEqual(Rows(other).SelectMany(static row => row));
    }

    [Property]
    public bool A_join_moves_little_besides_what_the_joiner_takes(int seed)
    {
        var (members, _) = Any(seed, zonesMax: 1, weightMax: 1);
        if (members.Length < 4) return true;
        var joiner = members[0].Id;
        var (before, after) = (BucketMap.Build(Cluster, members[1..], 3), BucketMap.Build(Cluster, members, 3));
        var (taken, shifted) = (0, 0);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            foreach (var owner in after.HomeOwners(bucket))
            {
                if (owner == joiner) taken++;
                else if (!before.IsHomeOwner(bucket, owner)) shifted++;
            }
        }

        return (taken + shifted) * members.Length <= 1.25 * Buckets.Count * 3;
    }

    private static (RingMember[] Members, int Replicas) Any(int seed, int zonesMax, int weightMax)
    {
        var prng = new Prng((ulong)seed);
        int Draw(int max) => 1 + (int)(prng.NextUInt64() % (ulong)max);
        var (count, zones, replicas) = (Draw(50), Draw(zonesMax), Draw(5));
        // Zones of very different sizes too: the draw of a zone is the lesser of two every other time.
        var members = Enumerable.Range(0, count).Select(i => new RingMember(
            new NodeId(prng.NextUInt64()), $"z{(seed % 2 == 0 ? Draw(zones) : Math.Min(Draw(zones), Draw(zones)))}", Draw(weightMax))).ToArray();
        return (members, replicas);
    }

    private static int Bound(int places, int among) => Math.Min(Buckets.Count, ((places * 11) + (among * 10) - 1) / (among * 10));

    private static IEnumerable<NodeId[]> Rows(BucketMap map) => Enumerable.Range(0, Buckets.Count).Select(bucket => map.HomeOwners(bucket).ToArray());

    private static Dictionary<NodeId, int> Held(BucketMap map, Func<NodeId[], IEnumerable<NodeId>> part) => Rows(map).SelectMany(part).CountBy(static id => id).ToDictionary();
}
