using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows.Documents;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("0e999999999", "0")]
    [InlineData("7", "7")]
    [InlineData("-12", "-12")]
    [InlineData("1.0", "1")]
    [InlineData("1.50", "1.5")]
    [InlineData("-0.001", "-0.001")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5E+3", "1500")]
    [InlineData("12e-1", "1.2")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("12345678901234567890123456789", "1.2345678901234567890123456789e+28")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    public void A_number_has_one_text_and_keeps_its_exact_value(string text, string canonical)
    {
        Assert.True(JsonNumber.TryParse(text, out var number));
        Assert.Equal(canonical, number.ToString());
        Assert.True(JsonNumber.TryParse(canonical, out var again));
        Assert.Equal(number, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1 ")]
    [InlineData("0x1")]
    [InlineData("NaN")]
    [InlineData("1e308")]
    [InlineData("1e999999999")]
    [InlineData("1e99999999999")]
    [InlineData("1e-309")]
    public void What_is_no_number_or_out_of_range_is_refused(string text) => Assert.False(JsonNumber.TryParse(text, out _));

    [Fact]
    public void A_number_longer_than_the_limit_is_refused()
    {
        Assert.False(JsonNumber.TryParse("1" + new string('0', JsonNumber.DigitsMax), out _));
        Assert.True(JsonNumber.TryParse("0." + new string('0', 200) + "1", out _));
    }

    [Theory]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("1e21", "1", "1.000000000000000000001e+21")]
    [InlineData("1e100", "-1e100", "0")]
    [InlineData("9223372036854775807", "1", "9223372036854775808")]
    public void Sums_are_exact(string left, string right, string sum)
    {
        Assert.True(JsonNumber.TryParse(left, out var a) & JsonNumber.TryParse(right, out var b));
        Assert.True(JsonNumber.TryAdd(a, b, out var total));
        Assert.Equal(sum, total.ToString());
    }

    [Fact]
    public void A_sum_out_of_range_says_so()
    {
        Assert.True(JsonNumber.TryParse("9e307", out var big));
        Assert.False(JsonNumber.TryAdd(big, big, out _));
        Assert.True(JsonNumber.TryParse("1e-300", out var small));
        Assert.False(JsonNumber.TryAdd(big, small, out _));
    }

    [Theory]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("1e18", true)]
    [InlineData("1e19", false)]
    [InlineData("1.5", false)]
    public void Only_whole_numbers_that_fit_are_longs(string text, bool fits)
    {
        Assert.True(JsonNumber.TryParse(text, out var number));
        Assert.Equal(fits, number.TryGetInt64(out _));
    }
}
