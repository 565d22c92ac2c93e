using Swim.Simulation.Shrinking;
using Xunit;

namespace Swim.Simulation.Tests.Shrinking;

public sealed class DeltaDebuggingTests
{
    [Theory]
    [InlineData(new int[] { })]
    [InlineData(new[] { 5 })]
    [InlineData(new[] { 0, 19 })]
    [InlineData(new[] { 3, 4, 5, 11 })]
    public void What_the_failure_takes_is_all_that_is_left(int[] cause)
    {
        List<int> all = [.. Enumerable.Range(0, 20)];
        Assert.Equal(cause, DeltaDebugging.Smallest(all, kept => cause.All(kept.Contains)));
    }

    [Fact]
    public void A_failure_that_takes_everything_keeps_everything()
    {
        List<int> all = [.. Enumerable.Range(0, 9)];
        Assert.Equal(all, DeltaDebugging.Smallest(all, kept => kept.Count == 9));
    }
}
