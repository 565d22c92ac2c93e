using Xunit;

namespace Swim.Client.Tests.Cli;

/// <summary>What is wrong before any node is asked. Nothing answers at the server named here.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("fly")]
    [InlineData("submit")]
    [InlineData("get")]
    [InlineData("members", "--no-such-option")]
    [InlineData("members", "-o", "xml")]
    [InlineData("members", "-s", "not an address")]
    [InlineData("members", "--timeout", "soon")]
    [InlineData("members", "--timeout", "0s")]
    [InlineData("submit", "/nonexistent/file.yaml")]
    [InlineData("submit", "/")]
    [InlineData("submit", "-", "--format", "toml")]
    [InlineData("submit", "-", "--ack", "most")]
    [InlineData("submit", "-", "--input", "{")]
    [InlineData("submit", "-", "--input", "@/nonexistent/input.json")]
    public async Task A_wrong_command_line_is_exit_code_2_with_a_word_on_it(params string[] args)
    {
        var run = await CliRun.OfAsync(args, serverVariable: "127.0.0.1:1");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("swim: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_is_no_text_is_exit_code_2()
    {
        var run = await CliRun.OfAsync(["submit", "-"], [0xC3, 0x28], "127.0.0.1:1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("UTF-8", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_server_variable_is_named()
    {
        var run = await CliRun.OfAsync(["status"], serverVariable: "a:b:c");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("SWIM_SERVER", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_says_what_it_was_built_on()
    {
        var run = await CliRun.OfAsync(["--version"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^swim \d+\.\d+\.\d+.* \(built with(out)? stand-ins.*\)\r?\n$", run.Out);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("7", 7_000)]
    public void A_time_has_a_unit_or_is_in_seconds(string text, double milliseconds)
    {
        Assert.True(Swim.Cli.Duration.TryParse(text, out var time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ms")]
    [InlineData("-1s")]
    [InlineData("0")]
    [InlineData("8d")]
    [InlineData("1e9h")]
    [InlineData("169h")]
    public void Anything_else_is_no_time(string text) => Assert.False(Swim.Cli.Duration.TryParse(text, out _));
}
