using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows.Documents;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData(" null ", "null")]
    [InlineData("{ \"b\" : [ 1.0 , true ], \"a\" : {} }", "{\"a\":{},\"b\":[1,true]}")]
    [InlineData("\"\\u0061\\/\\u001f\\n\\\"\\\\\\u2028\\ud83d\\ude00\"", "\"a/\\u001f\\n\\\"\\\\\u2028\U0001F600\"")]
    [InlineData("{\"aa\":1,\"a\":2,\"B\":3,\"\":4}", "{\"\":4,\"B\":3,\"a\":2,\"aa\":1}")]
    [InlineData("[[],[[]],{\"x\":[]}]", "[[],[[]],{\"x\":[]}]")]
    public void Equal_values_have_equal_bytes(string text, string canonical)
    {
        var root = JsonDocumentReader.Read(Encoding.UTF8.GetBytes(text)).Root!;
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Write(root)));
        Assert.Equal(canonical, CanonicalJson.ToText(root.ToJsonNode()));
        Assert.Equal(canonical, CanonicalJson.ToText(JsonNode.Parse(text)));
    }

    [Fact]
    public void Names_are_sorted_by_their_UTF8_bytes()
    {
        // U+1F600 is a surrogate pair (D83D DE00) in UTF-16, which is below U+FF5E there and above it in UTF-8.
        var value = new JsonObject { ["\U0001F600"] = 1, ["\uFF5E"] = 2, ["z"] = 3 };
        Assert.Equal("{\"z\":3,\"\uFF5E\":2,\"\U0001F600\":1}", CanonicalJson.ToText(value));
        string[] names = ["", "a", "é", "\uD7FF", "\uE000", "\uFFFF", "\U00010000", "\U0010FFFF", "\U0001F600a", "\U0001F600"];
        var byBytes = names.OrderBy(name => Convert.ToHexString(Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal);
        Assert.Equal(byBytes, names.Order(Utf8Order.Instance));
    }

    [Fact]
    public void Nodes_made_in_code_are_written_like_parsed_ones() =>
        Assert.Equal("[1,1.5,\"x\",true,null,2]", CanonicalJson.ToText(new JsonArray(1, 1.50m, "x", true, null, 2.0)));

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[")]
    [InlineData("\"\\udc00\"")]
    public void Reading_malformed_JSON_answers_false(string text) => Assert.False(CanonicalJson.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Reading_gives_the_value()
    {
        Assert.True(CanonicalJson.TryRead("{\"a\":[1.50]}"u8, out var value));
        Assert.Equal("{\"a\":[1.5]}", CanonicalJson.ToText(value));
        Assert.True(CanonicalJson.TryRead("null"u8, out value));
        Assert.Null(value);
    }
}
