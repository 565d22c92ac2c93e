using Swim.Core.Primitives;
using Swim.Node.Transport.Sealing;
using Xunit;

namespace Swim.Node.Tests.Transport.Sealing;

public sealed class ReplayWindowTests
{
    private readonly ReplayWindow _window = new();

    [Fact]
    public void Each_counter_is_taken_once_in_any_order_within_the_window()
    {
        foreach (var counter in new ulong[] { 5, 1, 1024, 4, 3 }) Assert.True(_window.TryTake(counter));
        foreach (var counter in new ulong[] { 5, 1, 1024, 4, 3 }) Assert.False(_window.TryTake(counter));
    }

    [Fact]
    public void What_lies_behind_the_window_is_not_taken_and_the_last_within_it_is()
    {
        Assert.True(_window.TryTake(5_000));
        Assert.False(_window.CanTake(5_000 - ReplayWindow.Width));
        Assert.True(_window.TryTake(5_000 - ReplayWindow.Width + 1));
    }

    [Fact]
    public void Zero_is_never_taken()
    {
        Assert.False(_window.TryTake(0));
        Assert.True(_window.TryTake(1));
        Assert.False(_window.TryTake(0));
    }

    [Fact]
    public void The_highest_counter_there_is_can_be_taken_and_leaves_a_window_behind_it()
    {
        Assert.True(_window.TryTake(ulong.MaxValue));
        Assert.False(_window.TryTake(ulong.MaxValue));
        Assert.True(_window.TryTake(ulong.MaxValue - 1));
        Assert.False(_window.TryTake(1));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 100)]
    [InlineData(3, 3_000)]
    public void It_answers_as_a_list_of_all_that_was_taken_would(ulong seed, int spread)
    {
        var prng = new Prng(seed);
        HashSet<ulong> taken = [];
        ulong highest = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var counter = (ulong)Math.Max(0, (long)highest - spread + prng.Next(2 * spread));
            var expected = counter > 0 && (counter > highest || highest - counter < ReplayWindow.Width) && taken.Add(counter);
            Assert.Equal(expected, _window.TryTake(counter));
            highest = Math.Max(highest, expected ? counter : 0);
        }
    }
}
