using Swim.Cli.Live;
using Xunit;

namespace Swim.Client.Tests.Cli.Live;

public sealed class TextWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("plain", 5)]
    [InlineData("größe", 5)]
    [InlineData("e\u0301", 1)]
    [InlineData("数据", 4)]
    [InlineData("한국", 4)]
    [InlineData("ｆｕｌｌ", 8)]
    [InlineData("🚀", 2)]
    [InlineData("├─ ✓ ⠋ █", 8)]
    public void A_text_has_the_columns_a_terminal_gives_it(string text, int columns) => Assert.Equal(columns, TextWidth.Of(text));

    [Theory]
    [InlineData("plain", 5, "plain")]
    [InlineData("plain", 4, "pla~")]
    [InlineData("plain", 1, "~")]
    [InlineData("plain", 0, "")]
    [InlineData("数据库", 6, "数据库")]
    [InlineData("数据库", 5, "数据~")]
    [InlineData("数据库", 4, "数~")]
    [InlineData("ae\u0301b", 2, "a~")]
    [InlineData("🚀🚀", 3, "🚀~")]
    public void A_cut_text_is_never_wider_and_never_half_a_character(string text, int columns, string cut) => Assert.Equal(cut, TextWidth.Cut(text, columns, "~"));
}
