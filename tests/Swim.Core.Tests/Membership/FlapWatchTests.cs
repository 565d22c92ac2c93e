using System.Collections.Immutable;
using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class FlapWatchTests
{
    private static readonly NodeId _member = new(7);
    private readonly FlapWatch _watch = new(3, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(5));
    private ulong _epoch;

    [Fact]
    public void Three_deaths_within_a_while_are_flapping_and_two_are_not()
    {
        Fall(0);
        Fall(2);
        Assert.Empty(_watch.Flapping(At(3)));
        Fall(4);
        Assert.Equal([_member], _watch.Flapping(At(4)));
    }

    [Fact]
    public void It_ends_by_itself_after_a_quiet_while()
    {
        for (var minute = 0; minute < 3; minute++) Fall(minute);
        Assert.Single(_watch.Flapping(At(6)));
        Assert.Empty(_watch.Flapping(At(7)));
        Fall(8);
        Assert.Empty(_watch.Flapping(At(8)));
    }

    [Fact]
    public void Deaths_far_apart_are_bad_luck()
    {
        for (var minute = 0; minute < 24; minute += 6) Fall(minute);
        Assert.Empty(_watch.Flapping(At(18)));
    }

    [Fact]
    public void A_member_that_was_stopped_in_order_did_not_fall()
    {
        for (var minute = 0; minute < 6; minute++) Fall(minute, isStopped: true);
        Assert.Empty(_watch.Flapping(At(6)));
    }

    [Fact]
    public void News_of_one_that_is_still_down_are_no_further_death()
    {
        for (var minute = 0; minute < 6; minute++) See(minute, MemberState.Dead);
        Assert.Empty(_watch.Flapping(At(6)));
    }

    [Fact]
    public void One_that_left_is_forgotten()
    {
        for (var minute = 0; minute < 3; minute++) Fall(minute);
        See(3, MemberState.Alive);
        See(3, MemberState.Left);
        Assert.Empty(_watch.Flapping(At(3)));
    }

    private void Fall(int minute, bool isStopped = false)
    {
        See(minute, MemberState.Alive);
        See(minute, MemberState.Dead, isStopped);
    }

    private void See(int minute, MemberState state, bool isStopped = false)
    {
        var meta = new MemberMeta("n7", "h", 1, 2, 3, "", 4) { IsDraining = isStopped };
        var record = new MemberRecord(_member, ++_epoch, 0, state, meta);
        _watch.OnMembers(At(minute), new MembersSnapshot((long)_epoch, ImmutableSortedDictionary<NodeId, MemberRecord>.Empty.Add(_member, record), _epoch));
    }

    private static Now At(int minutes) => new(TimeSpan.FromMinutes(minutes).Ticks, 0);
}
