using Swim.Core.Membership;
using Xunit;

namespace Swim.Core.Tests.Membership;

/// <summary>SWIM (Das et al. 2002) section 4.2, with boot epochs and a way back for the dead.</summary>
public sealed class StandingTests
{
    [Theory]
    [InlineData("1.0 Alive", "1.0 Suspect")]
    [InlineData("1.0 Suspect", "1.0 Dead")]
    [InlineData("1.0 Suspect", "1.1 Alive")]
    [InlineData("1.1 Alive", "1.1 Suspect")]
    [InlineData("1.0 Dead", "1.1 Alive")]
    [InlineData("1.0 Dead", "1.1 Suspect")]
    [InlineData("1.9 Alive", "1.0 Left")]
    [InlineData("1.9 Dead", "1.0 Left")]
    [InlineData("1.0 Left", "1.1 Left")]
    [InlineData("1.9 Dead", "2.0 Alive")]
    [InlineData("1.9 Left", "2.0 Alive")]
    public void The_second_replaces_the_first_and_never_the_other_way_round(string lower, string higher)
    {
        Assert.True(Read(lower).IsBelow(Read(higher)));
        Assert.False(Read(higher).IsBelow(Read(lower)));
    }

    [Theory]
    [InlineData("1.0 Alive")]
    [InlineData("1.3 Left")]
    public void None_replaces_itself(string standing) => Assert.False(Read(standing).IsBelow(Read(standing)));

    private static Standing Read(string text)
    {
        var parts = text.Split('.', ' ');
        return new Standing(ulong.Parse(parts[0], null), ulong.Parse(parts[1], null), Enum.Parse<MemberState>(parts[2]));
    }
}
