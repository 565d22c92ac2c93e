using System.Text;
using System.Text.Json.Nodes;
using Swim.Core.Workflows;
using Swim.Core.Workflows.Documents;
using Swim.Core.Workflows.Tools;
using Xunit;

namespace Swim.Core.Tests.Workflows.Tools;

public sealed class BuiltinToolsTests
{
    [Theory]
    [InlineData("builtin:echo", """{"value":{"b":1.0,"a":[null]}}""", """{"a":[null],"b":1}""")]
    [InlineData("builtin:echo", """{"value":null}""", "null")]
    [InlineData("builtin:delay", """{"ms":0}""", "null")]
    [InlineData("builtin:delay", """{"ms":5,"value":"x"}""", "\"x\"")]
    [InlineData("builtin:sum", """{"values":[]}""", "0")]
    [InlineData("builtin:sum", """{"values":[0.1,0.2,-3]}""", "-2.7")]
    [InlineData("builtin:sum", """{"values":[9223372036854775807,9223372036854775807]}""", "18446744073709551614")]
    [InlineData("builtin:concat", """{"values":["a",1.50,null,{"k":[true]},"é"]}""", "\"a1.5null{\\\"k\\\":[true]}é\"")]
    [InlineData("builtin:concat", """{"values":["a","b"],"separator":", "}""", "\"a, b\"")]
    [InlineData("builtin:concat", """{"values":[]}""", "\"\"")]
    public void A_tool_answers_these_bytes(string tool, string arguments, string expected)
    {
        var outcome = Run(tool, arguments);
        Assert.True(outcome.IsSuccess, outcome.Failure?.Message);
        Assert.Equal(expected, Encoding.UTF8.GetString(outcome.OutputJson.Span));
        Assert.Equal(expected, CanonicalJson.ToText(outcome.Output));
    }

    [Fact]
    public void Only_delay_waits()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(250), Run("builtin:delay", """{"ms":250}""").Delay);
        Assert.Equal(TimeSpan.Zero, Run("builtin:echo", """{"value":1}""").Delay);
    }

    [Theory]
    [InlineData("""{"message":"no"}""", BuiltinTools.DefaultFailCode, true)]
    [InlineData("""{"message":"no","code":"DISK_FULL","retryable":false}""", "DISK_FULL", false)]
    [InlineData("""{"message":"no","retryable":true}""", BuiltinTools.DefaultFailCode, true)]
    public void Fail_fails_as_it_is_told(string arguments, string code, bool retryable) =>
        Assert.Equal(new ToolFailure(code, "no", retryable), Run("builtin:fail", arguments).Failure);

    [Fact]
    public void A_failure_is_bounded()
    {
        var failure = Run("builtin:fail", $$"""{"message":"{{new string('m', 100_000)}}","code":"{{new string('C', 1_000)}}"}""").Failure!;
        Assert.Equal((ToolOutcome.MessageLengthMax, ToolOutcome.CodeLengthMax), (failure.Message.Length, failure.Code.Length));
    }

    [Theory]
    [InlineData("builtin:echo", "{}")]
    [InlineData("builtin:delay", """{"ms":-1}""")]
    [InlineData("builtin:delay", """{"ms":1e300}""")]
    [InlineData("builtin:delay", """{"ms":604800001}""")]
    [InlineData("builtin:fail", """{"message":null}""")]
    [InlineData("builtin:sum", """{"values":[1,null]}""")]
    [InlineData("builtin:sum", """{"values":"$OUTPUT[a]"}""")]
    [InlineData("builtin:concat", """{"values":[],"separator":1}""")]
    [InlineData("builtin:echo", """{"value":1,"other":2}""")]
    public void Arguments_that_do_not_fit_fail_for_good(string tool, string arguments)
    {
        var failure = Run(tool, arguments).Failure!;
        Assert.Equal((ToolFailureCode.InvalidArgument, false), (failure.Code, failure.Retryable));
    }

    [Theory]
    [InlineData("builtin:nope")]
    [InlineData("shell:exec")]
    [InlineData("")]
    public void What_is_no_builtin_tool_is_unavailable(string tool) =>
        Assert.Equal(ToolFailureCode.ToolUnavailable, Run(tool, "{}").Failure?.Code);

    [Fact]
    public void A_sum_out_of_range_fails_instead_of_losing_digits() =>
        Assert.Equal(BuiltinTools.Overflow, Run("builtin:sum", """{"values":[9e307,9e307]}""").Failure?.Code);

    [Fact]
    public void A_result_over_60_KiB_is_a_failure()
    {
        var fits = new JsonObject { ["value"] = new string('x', WorkflowLimits.ResultBytesMax - 2) };
        var tooLarge = new JsonObject { ["value"] = new string('x', WorkflowLimits.ResultBytesMax - 1) };
        Assert.True(BuiltinTools.Run("builtin:echo", fits).IsSuccess);
        Assert.Equal(ToolFailureCode.ResultTooLarge, BuiltinTools.Run("builtin:echo", tooLarge).Failure?.Code);
    }

    [Fact]
    public void Every_builtin_of_the_catalog_runs()
    {
        var builtins = ToolCatalog.Names.Except([ToolCatalog.Shell, ToolCatalog.HttpGet, ToolCatalog.HttpPost]).ToList();
        Assert.Equal(5, builtins.Count);
        Assert.All(builtins, name => Assert.True(BuiltinTools.Has(name)));
    }

    private static ToolOutcome Run(string tool, string arguments) => BuiltinTools.Run(tool, JsonNode.Parse(arguments)!.AsObject());
}
