using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class LoopWatchTests
{
    private readonly LoopWatch _watch = new(TimeSpan.FromTicks(10));

    public LoopWatchTests() => _watch.Expect(100);

    [Fact]
    public void A_loop_within_its_tolerance_was_not_interrupted()
    {
        Assert.Equal(TimeSpan.Zero, _watch.Observe(new Now(110, 0)));
        Assert.False(_watch.WasInterruptedSince(0));
    }

    [Fact]
    public void What_began_before_the_standstill_ended_was_interrupted()
    {
        Assert.Equal(TimeSpan.FromTicks(400), _watch.Observe(new Now(500, 0)));
        Assert.True(_watch.WasInterruptedSince(499));
    }

    [Fact]
    public void What_begins_as_the_loop_wakes_was_not_interrupted()
    {
        _watch.Observe(new Now(500, 0));
        Assert.False(_watch.WasInterruptedSince(500));
    }

    [Fact]
    public void One_standstill_is_told_once()
    {
        Assert.NotEqual(TimeSpan.Zero, _watch.Observe(new Now(500, 0)));
        Assert.Equal(TimeSpan.Zero, _watch.Observe(new Now(501, 0)));
    }
}
