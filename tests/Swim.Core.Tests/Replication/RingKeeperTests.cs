using Swim.Core.Membership;
using Swim.Core.Primitives;
using Swim.Core.Replication;
using Xunit;

namespace Swim.Core.Tests.Replication;

public sealed class RingKeeperTests
{
    private static readonly NodeId _self = new(1);
    private readonly RingKeeper _keeper = new(new ReplicaSettings(_self, 7));
    private readonly SortedDictionary<NodeId, MemberRecord> _members = [];
    private long _ms;

    [Fact]
    public void Members_come_at_once_while_copies_lack_a_place_and_wait_afterwards()
    {
        Assert.Equal(1, See(1).Map.Members.Length);
        Assert.Equal(2, See(2).Map.Members.Length);
        Assert.Equal(3, See(3).Map.Members.Length);
        Assert.Equal(3, See(4).Map.Members.Length);
        Assert.Equal(4, After(500)!.Map.Members.Length);
        Assert.Null(After(500));
    }

    [Fact]
    public void Who_is_up_does_not_wait()
    {
        for (ulong id = 1; id <= 5; id++) See(id);
        var ring = After(600)!.Map;
        var placement = See(4, MemberState.Dead);
        Assert.Same(ring, placement.Map);
        Assert.True(placement.IsDown(new(4)));
        Assert.Equal(4, placement.LiveMembers);
        Assert.All(Enumerable.Range(0, 64), bucket => Assert.DoesNotContain(new NodeId(4), placement.ActingOwners(bucket)));
    }

    [Fact]
    public void One_that_takes_all_others_for_dead_still_needs_two_for_K()
    {
        See(1);
        See(2);
        var placement = See(2, MemberState.Dead);
        Assert.Equal((1, 2), (placement.LiveMembers, placement.AcksForK));
    }

    [Fact]
    public void A_node_that_leaves_is_off_its_own_ring_at_once_and_another_after_the_window()
    {
        for (ulong id = 1; id <= 5; id++) See(id);
        After(600);
        Assert.Equal(5, See(5, isLeaving: true).Map.Members.Length);
        var placement = See(1, isLeaving: true);
        Assert.Equal([new NodeId(2), new(3), new(4)], placement.Map.Members.ToArray().Select(static member => member.Id));
    }

    [Fact]
    public void A_flapping_member_keeps_what_it_owns_and_gets_new_tasks_only_where_nobody_else_can()
    {
        for (ulong id = 1; id <= 4; id++) See(id);
        var ring = After(600)!.Map;
        for (var fall = 0; fall < 3; fall++)
        {
            See(3, MemberState.Dead);
            See(3);
        }

        var placement = See(3);
        Assert.Same(ring, placement.Map);
        Assert.True(placement.IsFlapping(new(3)));
        Assert.Contains(Enumerable.Range(0, 64), bucket => placement.ActingOwners(bucket)[0] == new NodeId(3));
        Assert.All(Enumerable.Range(0, 200), task => Assert.NotEqual(new NodeId(3), placement.ExecutorFor(StableHash.Of((ulong)task, 1), "builtin:echo")));
        foreach (var other in new ulong[] { 1, 2, 4 }) placement = See(other, slots: 0);
        Assert.Equal(new NodeId(3), placement.ExecutorFor(5, "builtin:echo"));
    }

    [Fact]
    public void It_gets_new_tasks_again_after_a_quiet_while_without_any_news()
    {
        for (ulong id = 1; id <= 4; id++) See(id);
        for (var fall = 0; fall < 3; fall++)
        {
            See(3, MemberState.Dead);
            See(3);
        }

        After(600);
        Assert.Null(After(299_000));
        var placement = After(1_000)!;
        Assert.False(placement.IsFlapping(new(3)));
        Assert.Contains(Enumerable.Range(0, 200), task => placement.ExecutorFor(StableHash.Of((ulong)task, 1), "builtin:echo") == new NodeId(3));
    }

    private Placement See(ulong id, MemberState state = MemberState.Alive, bool isLeaving = false, int slots = 4)
    {
        var meta = new MemberMeta($"n{id}", "h", 1, 2, 3, "", slots) { IsLeaving = isLeaving };
        _members[new(id)] = new MemberRecord(new(id), 1, 0, state, meta);
        return _keeper.OnMembers(Now(), MembersSnapshot.Of(_members.Values));
    }

    private Placement? After(int ms)
    {
        _ms += ms;
        return _keeper.OnTick(Now());
    }

    private Now Now() => new(_ms * TimeSpan.TicksPerMillisecond, _ms);
}
