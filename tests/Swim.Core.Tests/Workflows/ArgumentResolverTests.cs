using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Xunit;

namespace Swim.Core.Tests.Workflows;

public sealed class ArgumentResolverTests
{
    private static readonly Dictionary<string, string> Outputs = new()
    {
        [""] = """{"host":"h","ports":[80,443]}""",
        ["n"] = "1.50",
        ["s"] = "\"te\\\"xt\"",
        ["o"] = """{"url":"http://x","list":[1,{"k":true}]}""",
        ["z"] = "null",
    };

    [Theory]
    [InlineData("\"$OUTPUT[n]\"", "1.5")]
    [InlineData("\"$OUTPUT[s]\"", "\"te\\\"xt\"")]
    [InlineData("\"$OUTPUT[z]\"", "null")]
    [InlineData("\"$OUTPUT[o]\"", """{"list":[1,{"k":true}],"url":"http://x"}""")]
    [InlineData("\"$OUTPUT[o].list[1].k\"", "true")]
    [InlineData("[{\"d\":\"$OUTPUT[o].url\"}]", """[{"d":"http://x"}]""")]
    [InlineData("\"<$OUTPUT[s]>\"", "\"<te\\\"xt>\"")]
    [InlineData("\"$OUTPUT[n]$OUTPUT[n]\"", "\"1.51.5\"")]
    [InlineData("\"at $OUTPUT[o].url/a.\"", "\"at http://x/a.\"")]
    [InlineData("\"list $OUTPUT[o].list, $OUTPUT[z]\"", "\"list [1,{\\\"k\\\":true}], null\"")]
    [InlineData("\"$$OUTPUT[n] is $OUTPUT[n]\"", "\"$OUTPUT[n] is 1.5\"")]
    [InlineData("\"$$OUTPUT[\"", "\"$OUTPUT[\"")]
    [InlineData("\"$OUTPUT and $$ and $\"", "\"$OUTPUT and $$ and $\"")]
    [InlineData("\"$INPUT\"", """{"host":"h","ports":[80,443]}""")]
    [InlineData("\"$INPUT.ports[1]\"", "443")]
    [InlineData("\"$INPUT.host:$INPUT.ports[0] $OUTPUT[n]\"", "\"h:80 1.5\"")]
    [InlineData("\"$$INPUT is $INPUT.host.\"", "\"$INPUT is h.\"")]
    [InlineData("\"$INPUTS $INPUT_ $INPUT1 $INPU\"", "\"$INPUTS $INPUT_ $INPUT1 $INPU\"")]
    [InlineData("{\"$OUTPUT[n]\":1}", "{\"$OUTPUT[n]\":1}")]
    public void References_are_replaced(string value, string expected)
    {
        var arguments = new JsonObject { ["v"] = JsonNode.Parse(value) };
        var before = arguments.ToJsonString();
        Assert.True(ArgumentResolver.TryResolve(arguments, Lookup, out var resolved, out var failure), failure?.Message);
        Assert.Equal(expected, CanonicalJson.ToText(resolved["v"]));
        Assert.Equal(before, arguments.ToJsonString());
    }

    [Theory]
    [InlineData("$OUTPUT[o].nope", ArgumentResolver.PathNotFound, "nothing at $OUTPUT[o].nope")]
    [InlineData("x $OUTPUT[o].list[7]", ArgumentResolver.PathNotFound, "$OUTPUT[o].list[7]")]
    [InlineData("$INPUT.ports[2]", ArgumentResolver.PathNotFound, "$INPUT.ports[2]")]
    [InlineData("$INPUT.", ArgumentResolver.Malformed, "ends in a dot")]
    [InlineData("$OUTPUT[gone]", ArgumentResolver.NotAvailable, "'gone'")]
    [InlineData("$OUTPUT[o", ArgumentResolver.Malformed, "not closed")]
    public void What_cannot_be_replaced_is_a_failure_that_names_task_and_path(string text, string code, string says)
    {
        Assert.False(ArgumentResolver.TryResolve(new JsonObject { ["v"] = text }, Lookup, out _, out var failure));
        Assert.Equal(code, failure.Code);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.False(failure.Retryable);
    }

    [Fact]
    public void A_result_is_a_copy_that_can_be_used_twice()
    {
        var shared = new JsonObject { ["k"] = 1 };
        ValueLookup lookup = (ValueReference _, out JsonNode? output) => (output = shared) is not null;
        Assert.True(ArgumentResolver.TryResolve(new JsonObject { ["a"] = "$OUTPUT[t]", ["b"] = "$OUTPUT[t]" }, lookup, out var resolved, out _));
        Assert.Equal("""{"a":{"k":1},"b":{"k":1}}""", CanonicalJson.ToText(resolved));
        Assert.NotSame(shared, resolved["a"]);
    }

    [Theory]
    [InlineData("$OUTPUT[t]")]
    [InlineData("x$OUTPUT[t]")]
    public void Outputs_cannot_swell_the_arguments_without_bound(string text)
    {
        var big = JsonValue.Create(new string('a', 50_000));
        ValueLookup lookup = (ValueReference _, out JsonNode? output) => (output = big) is not null;
        var many = new JsonArray([.. Enumerable.Range(0, 5_000).Select(_ => JsonValue.Create(text))]);
        Assert.False(ArgumentResolver.TryResolve(new JsonObject { ["v"] = many }, lookup, out _, out var failure));
        Assert.Equal(ArgumentResolver.TooLarge, failure.Code);
    }

    [Fact]
    public void Outputs_cannot_nest_the_arguments_without_bound()
    {
        JsonNode? output = JsonValue.Create(1);
        ToolFailure? failure = null;
        ValueLookup lookup = (ValueReference _, out JsonNode? found) => (found = output) is not null;
        for (var round = 0; round < 100 && failure is null; round++)
        {
            if (ArgumentResolver.TryResolve(new JsonObject { ["value"] = new JsonArray("$OUTPUT[t]") }, lookup, out var resolved, out failure))
                output = BuiltinTools.Run(ToolCatalog.Echo, resolved).Output;
        }
        Assert.Equal(ArgumentResolver.TooLarge, failure?.Code);
        Assert.True(CanonicalJson.TryRead(CanonicalJson.Write(output), out _), "the last accepted output must be readable everywhere");
    }

    private static bool Lookup(ValueReference reference, out JsonNode? output)
    {
        output = Outputs.TryGetValue(reference.Task, out var json) ? JsonNode.Parse(json) : null;
        return json is not null;
    }
}
