using Swim.Cli.Output;
using Xunit;

namespace Swim.Client.Tests.Cli;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("a\u001b[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\u009b2Jb", "a\uFFFD2Jb")]
    [InlineData("a\u0000\u0007\u007fb", "a\uFFFD\uFFFD\uFFFDb")]
    [InlineData("a\r\n\tb\u2028c", "a   b c")]
    [InlineData("user\u202Enimda\u2066x\u200F", "user\uFFFDnimda\uFFFDx\uFFFD")]
    [InlineData("naïve 数 👩‍🚀", "naïve 数 👩‍🚀")]
    public void A_line_has_nothing_a_terminal_would_obey(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("a\uFFFDb", Printable.Line("a" + (char)0xD83D + "b"));

    [Fact]
    public void Lines_keep_their_ends_and_tabs_only() => Assert.Equal("a\n\tb\nc\uFFFD\uFFFDd", Printable.Lines("a\r\n\tb\u2029c\r\u001bd"));

    [Fact]
    public void A_long_line_is_cut_between_characters()
    {
        Assert.Equal("ab…", Printable.Line("abcdef", 3));
        Assert.Equal("a…", Printable.Line("a👩def", 3));
    }
}
