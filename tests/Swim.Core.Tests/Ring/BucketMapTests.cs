using Swim.Core.Primitives;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Ring;

public sealed class BucketMapTests
{
    private const ulong Cluster = 0xC1;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    [InlineData(30, 4)]
    public void Home_owners_are_distinct_members(int nodes, int zones)
    {
        var map = BucketMap.Build(Cluster, Members(nodes, zones), replicas: 3);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            var owners = map.HomeOwners(bucket).ToArray();
            Assert.Equal(Math.Min(3, nodes), owners.Distinct().Count());
            Assert.Equal(owners.Length, owners.Distinct().Count());
            Assert.All(owners, id => Assert.True(map.IsHomeOwner(bucket, id)));
        }
    }

    [Theory]
    [InlineData(9, 3, 3, 1)]
    [InlineData(30, 5, 3, 1)]
    [InlineData(6, 2, 3, 2)]
    [InlineData(12, 2, 5, 3)]
    [InlineData(10, 1, 3, 3)]
    public void Copies_spread_over_zones_as_evenly_as_there_are_zones(int nodes, int zones, int replicas, int mostInOneZone)
    {
        var members = Members(nodes, zones).ToDictionary(member => member.Id);
        var map = BucketMap.Build(Cluster, members.Values, replicas);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            var perZone = map.HomeOwners(bucket).ToArray().GroupBy(id => members[id].Zone).Select(zone => zone.Count()).ToArray();
            Assert.Equal(mostInOneZone, perZone.Max());
            Assert.Equal(Math.Min(zones, replicas), perZone.Length);
        }
    }

    [Fact]
    public void A_zone_with_too_few_nodes_leaves_its_places_to_the_others()
    {
        RingMember[] members = [new(new(1), "small"), new(new(2), "large"), new(new(3), "large"), new(new(4), "large")];
        var map = BucketMap.Build(Cluster, members, replicas: 4);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
            Assert.Equal(members.Select(member => member.Id), map.HomeOwners(bucket).ToArray().Order());
    }

    [Fact]
    public void Without_zones_nearly_all_home_owners_are_the_head_of_the_preference_list()
    {
        var map = BucketMap.Build(Cluster, Members(20, zones: 1), replicas: 3);
        var elsewhere = 0;
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            var walk = map.PreferenceList(bucket);
            elsewhere += map.HomeOwners(bucket).ToArray().Except(walk.Take(3)).Count();
            Assert.Equal(map.Members.ToArray().Select(member => member.Id), walk.Order());
        }

        Assert.InRange(elsewhere, 1, Buckets.Count * 3 * 3 / 100);
    }

    [Fact]
    public void The_order_in_which_members_come_changes_nothing()
    {
        var members = Members(17, zones: 3).ToList();
        var expected = BucketMap.Build(Cluster, members, replicas: 3);
        new Prng(5).Shuffle(members);
        var shuffled = BucketMap.Build(Cluster, members, replicas: 3);
        Assert.Equal(expected.Fingerprint, shuffled.Fingerprint);
        Assert.Equal(AllOwners(expected), AllOwners(shuffled));
    }

    [Fact]
    public void Another_process_builds_the_same_map()
    {
        var map = BucketMap.Build(Cluster, Members(30, zones: 3), replicas: 3);
        Assert.Equal(4279629510080114404UL, map.Fingerprint);
        Assert.Equal(13929771661122774785UL, AllOwners(map).Aggregate(0UL, (hash, id) => StableHash.Of(hash, id.Value)));
    }

    [Fact]
    public void Every_input_of_the_placement_changes_the_fingerprint()
    {
        RingMember[] members = [new(new(1), "a"), new(new(2), "b")];
        ulong[] fingerprints =
        [
            BucketMap.Build(Cluster, members, 2).Fingerprint,
            BucketMap.Build(Cluster + 1, members, 2).Fingerprint,
            BucketMap.Build(Cluster, members, 1).Fingerprint,
            BucketMap.Build(Cluster, members[..1], 2).Fingerprint,
            BucketMap.Build(Cluster, [members[0], members[1] with { Zone = "a" }], 2).Fingerprint,
            BucketMap.Build(Cluster, [members[0], members[1] with { Weight = 2 }], 2).Fingerprint,
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(30, 1)]
    [InlineData(30, 3)]
    [InlineData(100, 1)]
    public void A_join_moves_few_owners(int nodes, int zones)
    {
        var before = BucketMap.Build(Cluster, Members(nodes, zones), replicas: 3);
        var after = BucketMap.Build(Cluster, Members(nodes + 1, zones), replicas: 3);
        var moved = 0;
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
            moved += after.HomeOwners(bucket).ToArray().Except(before.HomeOwners(bucket).ToArray()).Count();
        var share = moved / (double)(Buckets.Count * 3);
        Assert.InRange(share, 0.5 / nodes, 1.5 / nodes);
    }

    [Fact]
    public void Nobody_is_left_with_little()
    {
        const int nodes = 30;
        var map = BucketMap.Build(Cluster, Members(nodes, zones: 1), replicas: 3);
        var fair = Buckets.Count * 3 / (double)nodes;
        Assert.All(OwnedBy(map).Values, owned => Assert.InRange(owned, 0.6 * fair, 1.11 * fair));
        Assert.Equal(nodes, OwnedBy(map).Count);
    }

    [Fact]
    public void The_only_member_of_a_zone_holds_every_bucket_and_says_so()
    {
        RingMember[] members = [new(new(1), "lonely"), .. Members(10, zones: 1), .. Members(21, zones: 2).Skip(11).Where(member => member.Zone == "zone-1")];
        var map = BucketMap.Build(Cluster, members, replicas: 3);
        var place = map.Members.ToArray().ToList().FindIndex(member => member.Zone == "lonely");
        Assert.Equal(Buckets.Count, OwnedBy(map)[new NodeId(1)]);
        Assert.Equal(Buckets.Count, map.BoundOf(place));
        Assert.InRange(map.EvenBoundOf(place), 1, Buckets.Count / 2);
    }

    [Fact]
    public void The_system_bucket_has_the_owners_of_the_first()
    {
        var map = BucketMap.Build(Cluster, Members(9, zones: 3), replicas: 3);
        Assert.Equal(map.HomeOwners(0).ToArray(), map.HomeOwners(Buckets.System).ToArray());
    }

    [Fact]
    public void A_heavier_node_owns_more()
    {
        var members = Members(20, zones: 1).ToArray();
        members[7] = members[7] with { Weight = 3 };
        var owned = OwnedBy(BucketMap.Build(Cluster, members, replicas: 1));
        var others = owned.Where(pair => pair.Key != members[7].Id).Average(pair => pair.Value);
        Assert.InRange(owned[members[7].Id] / others, 2.3, 3.7);
    }

    [Fact]
    public void A_weight_beyond_the_bound_counts_as_the_bound()
    {
        RingMember[] at = [new(new(1), "", RingMember.WeightMax), new(new(2), "", 1)];
        RingMember[] beyond = [new(new(1), "", int.MaxValue), new(new(2), "", int.MinValue)];
        Assert.Equal(BucketMap.Build(Cluster, at, 1).Fingerprint, BucketMap.Build(Cluster, beyond, 1).Fingerprint);
    }

    [Fact]
    public void Without_members_nobody_owns_anything()
    {
        var map = BucketMap.Build(Cluster, [], replicas: 3);
        Assert.True(map.HomeOwners(Buckets.Count - 1).IsEmpty);
        Assert.Empty(map.ActingOwners(0, _ => false, liveMembers: 0));
        Assert.Empty(map.PreferenceList(0));
        Assert.Equal(NodeId.None, map.Next(1, _ => true));
    }

    private static IEnumerable<NodeId> AllOwners(BucketMap map) =>
        Enumerable.Range(0, Buckets.Count).SelectMany(bucket => map.HomeOwners(bucket).ToArray());

    private static Dictionary<NodeId, int> OwnedBy(BucketMap map) => AllOwners(map).CountBy(id => id).ToDictionary();

    internal static IEnumerable<RingMember> Members(int count, int zones)
    {
        var prng = new Prng(42);
        for (var i = 0; i < count; i++) yield return new RingMember(new NodeId(prng.NextUInt64()), $"zone-{i % zones}");
    }
}
