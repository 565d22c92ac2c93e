using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Primitives;

public sealed class AscendingTests
{
    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { 1, 2, 3 })]
    [InlineData(new[] { 1, 1, 2 })]
    [InlineData(new[] { 3, 1, 2, 3, 1, 1 })]
    [InlineData(new[] { 2, 2, 2 })]
    public void A_list_sorted_once_is_what_a_sorted_set_is(int[] values)
    {
        List<int> list = [.. values];
        list.SortOnce();
        Assert.Equal(new SortedSet<int>(values), list);
    }
}
