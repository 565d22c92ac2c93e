using Swim.Core.Primitives;
using Swim.Core.Ring;
using Xunit;

namespace Swim.Core.Tests.Ring;

public sealed class RingWindowTests
{
    private readonly RingWindow _window = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));

    public RingWindowTests() => _window.Follow(At(0), Of(1, 2, 3, 4), atOnce: false);

    [Fact]
    public void The_first_ring_waits_for_nothing() => Assert.Equal((1, false), (_window.Rounds, _window.Waits));

    [Fact]
    public void A_change_is_followed_once_it_was_quiet()
    {
        Assert.Equal(Of(1, 2, 3, 4), _window.Follow(At(100), Of(1, 2, 3, 4, 5), atOnce: false));
        Assert.False(_window.IsDue(At(599)));
        Assert.True(_window.IsDue(At(600)));
        Assert.Equal(Of(1, 2, 3, 4, 5), _window.Follow(At(600), Of(1, 2, 3, 4, 5), atOnce: false));
        Assert.Equal((2, false), (_window.Rounds, _window.Waits));
    }

    [Fact]
    public void Many_changes_within_a_moment_are_one_ring()
    {
        for (ulong more = 5; more <= 9; more++) _window.Follow(At((int)(100 * more)), [.. Enumerable.Range(1, (int)more).SelectMany(id => Of((ulong)id))], atOnce: false);
        Assert.False(_window.IsDue(At(1_399)));
        Assert.Equal(9, _window.Follow(At(1_400), Of(1, 2, 3, 4, 5, 6, 7, 8, 9), atOnce: false).Length);
        Assert.Equal(2, _window.Rounds);
    }

    [Fact]
    public void Changes_without_end_are_followed_all_the_same()
    {
        for (var ms = 100; ms < 2_100; ms += 400)
            Assert.Equal(4, _window.Follow(At(ms), Of(1, 2, 3, 4, 5 + (ulong)ms), atOnce: false).Length);
        Assert.Equal(5, _window.Follow(At(2_100), Of(1, 2, 3, 4, 99), atOnce: false).Length);
    }

    [Fact]
    public void Views_that_do_not_change_the_ring_do_not_prolong_the_wait()
    {
        _window.Follow(At(100), Of(1, 2, 3), atOnce: false);
        for (var ms = 200; ms < 600; ms += 100) _window.Follow(At(ms), Of(1, 2, 3), atOnce: false);
        Assert.True(_window.IsDue(At(600)));
    }

    [Fact]
    public void A_change_that_is_taken_back_was_none()
    {
        _window.Follow(At(100), Of(1, 2, 3), atOnce: false);
        _window.Follow(At(200), Of(1, 2, 3, 4), atOnce: false);
        Assert.Equal((1, false, false), (_window.Rounds, _window.Waits, _window.IsDue(At(9_000))));
    }

    [Fact]
    public void What_must_not_wait_does_not() => Assert.Equal(Of(1, 2), _window.Follow(At(100), Of(1, 2), atOnce: true));

    private static Now At(int ms) => new(ms * Now.TicksPerMs, 0);

    private static RingMember[] Of(params ulong[] ids) => [.. ids.Select(static id => new RingMember(new NodeId(id), ""))];
}
