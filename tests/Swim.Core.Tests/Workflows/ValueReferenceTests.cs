using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Xunit;

namespace Swim.Core.Tests.Workflows;

public sealed class ValueReferenceTests
{
    [Theory]
    [InlineData("$OUTPUT[t1]", "t1", "", 11)]
    [InlineData("$OUTPUT[t.1-x_].a.b.c", "t.1-x_", "a|b|c", 21)]
    [InlineData("$OUTPUT[t].a[0][12].b", "t", "a|0|12|b", 21)]
    [InlineData("$OUTPUT[t].items.0", "t", "items|0", 18)]
    [InlineData("$OUTPUT[t][\"odd name.x\"][\"]\"]", "t", "odd name.x|]", 29)]
    [InlineData("$OUTPUT[t].a, and more", "t", "a", 12)]
    [InlineData("$OUTPUT[t].a. And more", "t", "a", 12)]
    [InlineData("$OUTPUT[t]$OUTPUT[u]", "t", "", 10)]
    [InlineData("$OUTPUT[t]/x", "t", "", 10)]
    [InlineData("$INPUT", "", "", 6)]
    [InlineData("$INPUT.a[0][\"x y\"]-", "", "a|0|x y", 18)]
    public void A_reference_goes_as_far_as_its_path(string text, string task, string steps, int length)
    {
        var reference = ValueReference.Parse(text, out var taken, out _);
        Assert.NotNull(reference);
        Assert.Equal((task, steps, length), (reference.Task, string.Join('|', reference.Steps), taken));
    }

    [Theory]
    [InlineData("$OUTPUT[t].a[0].b-c_d")]
    [InlineData("$OUTPUT[t][\"odd name\"].x")]
    [InlineData("$OUTPUT[t][\"\"]")]
    [InlineData("$INPUT")]
    [InlineData("$INPUT[3].a[\"b c\"]")]
    public void A_reference_is_written_as_it_is_read(string text) => Assert.Equal(text, ValueReference.Parse(text, out _, out _)!.ToString());

    [Theory]
    [InlineData("$OUTPUT[t].a.b", "1")]
    [InlineData("$OUTPUT[t].a[\"x y\"]", "\"q\"")]
    [InlineData("$OUTPUT[t].list[1]", "[20]")]
    [InlineData("$OUTPUT[t].list.1.0", "20")]
    [InlineData("$OUTPUT[t].none", "null")]
    [InlineData("$OUTPUT[t].7", "\"seven\"")]
    public void A_path_finds_its_value(string text, string value)
    {
        Assert.True(ValueReference.Parse(text, out _, out _)!.TryFollow(Output(), out var found));
        Assert.Equal(value, CanonicalJson.ToText(found));
    }

    [Theory]
    [InlineData("$OUTPUT[t].b")]
    [InlineData("$OUTPUT[t].a.b.c")]
    [InlineData("$OUTPUT[t].none.x")]
    [InlineData("$OUTPUT[t].list[2]")]
    [InlineData("$OUTPUT[t].list.x")]
    [InlineData("$OUTPUT[t].list[999999999]")]
    public void A_path_that_is_not_there_is_not_found(string text) =>
        Assert.False(ValueReference.Parse(text, out _, out _)!.TryFollow(Output(), out _));

    [Fact]
    public void A_path_is_bounded() => Assert.Null(ValueReference.Parse("$OUTPUT[t]" + string.Concat(Enumerable.Repeat(".a", 65)), out _, out _));

    private static JsonNode Output() => JsonNode.Parse("""{"a":{"b":1,"x y":"q"},"list":[10,[20]],"none":null,"7":"seven"}""")!;
}
