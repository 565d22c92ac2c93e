using Swim.Core.Membership;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Membership;

public sealed class PullBookTests
{
    private readonly PullBook _book = new(TimeSpan.FromTicks(100));

    [Fact]
    public void Every_answer_within_the_timeout_belongs_to_the_call()
    {
        Assert.True(_book.TryBegin("seeds", At(0)));
        Assert.True(_book.TryEnd("seeds", At(1)));
        Assert.True(_book.TryEnd("seeds", At(99)));
        Assert.False(_book.TryEnd("seeds", At(100)));
    }

    [Fact]
    public void An_answer_to_no_call_is_not_awaited() => Assert.False(_book.TryEnd("seeds", At(0)));

    [Fact]
    public void A_call_under_way_is_not_begun_again_until_it_ends_or_is_given_up()
    {
        Assert.True(_book.TryBegin("a", At(0)));
        Assert.False(_book.TryBegin("a", At(99)));
        Assert.True(_book.TryBegin("a", At(100)));
        Assert.True(_book.TryEnd("a", At(101)));
        Assert.True(_book.TryBegin("a", At(102)));
    }

    [Fact]
    public void Calls_under_way_are_bounded_and_ended_ones_make_room()
    {
        for (var i = 0; i < 32; i++) Assert.True(_book.TryBegin($"a{i}", At(0)));
        Assert.False(_book.TryBegin("more", At(1)));
        Assert.True(_book.TryEnd("a7", At(1)));
        Assert.True(_book.TryBegin("more", At(2)));
        Assert.False(_book.TryBegin("yet more", At(2)));
    }

    private static Now At(long ticks) => new(ticks, 0);
}
