using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>What the membership makes of members that an operator removed.</summary>
public sealed class RemovalTests
{
    private readonly OneNode _node = OneNode.WithoutNews(9);

    [Fact]
    public void A_removed_member_counts_as_left_and_is_no_longer_probed()
    {
        _node.Hear(Samples.Alive(2) with { State = MemberState.Dead });
        Remove(2, 1);
        _node.Forget();
        _node.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(MemberState.Left, _node.StateOf(2));
        Assert.DoesNotContain(_node.Sent, static sent => sent.To == 2);
    }

    [Fact]
    public void Nothing_that_is_said_of_a_removed_life_makes_it_count_again()
    {
        Remove(2, 1);
        _node.Hear(Samples.Alive(2) with { Incarnation = 9 });
        _node.HearByPushPull(3, Samples.Alive(2) with { Incarnation = 10, State = MemberState.Dead });

        Assert.Equal(MemberState.Left, _node.StateOf(2));
    }

    [Fact]
    public void A_removal_that_comes_before_any_word_of_the_member_holds_too()
    {
        Remove(60, 3);
        _node.Hear(Samples.Alive(60) with { Epoch = 2 });

        Assert.Equal(MemberState.Left, _node.StateOf(60));
    }

    [Fact]
    public void A_later_life_with_the_old_state_does_not_count()
    {
        Remove(2, 1);
        _node.Hear(Samples.Alive(2) with { Epoch = 4 });

        Assert.Equal(MemberState.Left, _node.StateOf(2));
    }

    [Fact]
    public void A_later_life_that_began_anew_is_a_member()
    {
        Remove(2, 1);
        _node.Hear(Samples.Alive(2) with { Epoch = 4, Meta = Samples.Meta(2) with { StateSince = 4 } });

        Assert.Equal(MemberState.Alive, _node.StateOf(2));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void The_order_of_removals_does_not_matter(int first, int second)
    {
        Remove(2, (ulong)first);
        Remove(2, (ulong)second);
        _node.Hear(Samples.Alive(2) with { Epoch = 3, Meta = Samples.Meta(2) with { StateSince = 2 } });

        Assert.Equal(MemberState.Left, _node.StateOf(2));
    }

    [Fact]
    public void A_node_that_hears_of_its_own_removal_is_told_to_begin_anew()
    {
        Remove(1, _node.Core.Self.Epoch);

        Assert.Contains(new DeclaredLeft(_node.Core.Self.Epoch), _node.Outputs);
    }

    [Fact]
    public void A_node_whom_the_others_hold_for_left_is_told_to_begin_anew()
    {
        var epoch = _node.Core.Self.Epoch;
        _node.Hear(_node.Core.Self with { State = MemberState.Left });

        Assert.Contains(new DeclaredLeft(epoch), _node.Outputs);
    }

    private void Remove(ulong id, ulong epoch) =>
        _node.Do((now, outbox) => _node.Core.OnRemovals(now, [KeyValuePair.Create(new NodeId(Samples.Id((int)id).Value), epoch)], outbox));
}
