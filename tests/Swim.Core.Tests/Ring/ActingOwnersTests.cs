using Swim.Core.Primitives;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Ring;

public sealed class ActingOwnersTests
{
    private readonly BucketMap _map = BucketMap.Build(0xC1, BucketMapTests.Members(8, zones: 2), replicas: 3);

    [Fact]
    public void With_everyone_up_home_owners_act()
    {
        for (var bucket = 0; bucket < Buckets.Count; bucket += 11)
            Assert.Equal(_map.HomeOwners(bucket).ToArray(), _map.ActingOwners(bucket, _ => false, liveMembers: 8));
    }

    [Fact]
    public void While_two_home_owners_are_up_nobody_stands_in()
    {
        var home = _map.HomeOwners(77).ToArray();
        Assert.Equal(home[1..], _map.ActingOwners(77, id => id == home[0], liveMembers: 7));
    }

    [Fact]
    public void Stand_ins_follow_the_preference_list_past_the_dead()
    {
        var home = _map.HomeOwners(77).ToArray();
        var others = _map.PreferenceList(77).Except(home).ToArray();
        NodeId[] down = [.. home, others[0]];
        Assert.Equal(others[1..3], _map.ActingOwners(77, down.Contains, liveMembers: 4));
    }

    [Fact]
    public void One_home_owner_left_gets_one_stand_in()
    {
        var home = _map.HomeOwners(5).ToArray();
        var standIn = _map.PreferenceList(5).Except(home).First();
        Assert.Equal([home[2], standIn], _map.ActingOwners(5, home[..2].Contains, liveMembers: 6));
    }

    [Fact]
    public void A_last_live_member_acts_alone()
    {
        var alone = _map.Members[3].Id;
        for (var bucket = 0; bucket < Buckets.Count; bucket += 101)
            Assert.Equal([alone], _map.ActingOwners(bucket, id => id != alone, liveMembers: 1));
    }

    [Fact]
    public void Next_is_the_first_eligible_node_of_the_walk_and_asks_once()
    {
        var key = StableHash.Of("task");
        var asked = new List<NodeId>();
        Assert.Equal(NodeId.None, _map.Next(key, id => { asked.Add(id); return false; }));
        Assert.Equal(_map.Members.Length, asked.Distinct().Count());
        Assert.Equal(_map.Members.Length, asked.Count);
        Assert.Equal(asked[0], _map.Next(key, _ => true));
        Assert.Equal(asked[4], _map.Next(key, asked[4..].Contains));
    }

    [Fact]
    public void A_bucket_is_the_high_bits_of_the_hash()
    {
        Assert.Equal(0, Buckets.BucketOf(0x000F_FFFF_FFFF_FFFF));
        Assert.Equal(1, Buckets.BucketOf(0x0010_0000_0000_0000));
        Assert.Equal(Buckets.Count - 1, Buckets.BucketOf(ulong.MaxValue));
    }

    [Fact]
    public void Equal_tokens_stand_in_the_order_of_node_ids()
    {
        ulong[] tokens = [9, 4, 9, 4, 1, 9];
        int[] nodes = [5, 3, 2, 0, 4, 1];
        HashRing.SortByToken(tokens, nodes);
        Assert.Equal([1UL, 4, 4, 9, 9, 9], tokens);
        Assert.Equal([4, 0, 3, 1, 2, 5], nodes);
    }
}
