using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows.Documents;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["id", "tool", "arguments", "depends_on", "timeout_ms"];

    [Theory]
    [InlineData("depend_on", "depends_on")]
    [InlineData("argments", "arguments")]
    [InlineData("Tool", "tool")]
    [InlineData("timout", null)]
    [InlineData("zz", null)]
    [InlineData("timeout", "timeout_ms")]
    [InlineData("payload", null)]
    public void The_nearest_name_is_close_enough_or_none(string wrong, string? expected) =>
        Assert.Equal(expected, NearestName.Of(wrong, Known));

    [Fact]
    public void A_very_long_name_is_not_compared() => Assert.Null(NearestName.Of(new string('a', 100_000), Known));
}
