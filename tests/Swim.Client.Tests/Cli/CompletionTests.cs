using System.Diagnostics;
using Swim.Cli.Completion;
using Xunit;

namespace Swim.Client.Tests.Cli;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("swim s", "status submit")]
    [InlineData("swim context ", "add current list remove use")]
    [InlineData("swim context re", "remove")]
    [InlineData("swim -o json --plain --timeout 3s canc", "cancel")]
    [InlineData("swim get --na", "--namespace")]
    [InlineData("swim get x --wa", "--wait")]
    [InlineData("swim get ", "@latest")]
    [InlineData("swim get @latest ", "")]
    [InlineData("swim run ", "")]
    [InlineData("swim run --form", "--format")]
    [InlineData("swim run --format ", "json yaml")]
    [InlineData("swim run --format=y", "--format=yaml")]
    [InlineData("swim submit - --ack ", "all hinted k local")]
    [InlineData("swim list --wait --state RU", "RUNNING")]
    [InlineData("swim list --state ru", "RUNNING")]
    [InlineData("swim -s ", "")]
    [InlineData("swim get -- --na", "")]
    [InlineData("swim completion ", "bash fish zsh")]
    [InlineData("swim comple", "completion")]
    [InlineData("swim no-such ", "")]
    [InlineData("swim", "cancel completion context drain explain get health keys leave list log members merges monitor node reach remove ring rtt run status submit validate watch")]
    public async Task What_may_come_next_is_found(string line, string expected)
    {
        var run = await CliRun.OfAsync(["complete", line]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var words = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(reply => reply.Split('\t')[0]);
        Assert.Equal(expected, string.Join(' ', words.Except(["dev"]).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("  a  b ", "a|b|")]
    [InlineData("a 'b c' \"d e\"", "a|b c|d e")]
    [InlineData("a b\\ c", "a|b c")]
    [InlineData("a 'b c", "a|b c")]
    [InlineData("a '' b", "a||b")]
    [InlineData("", "")]
    public void A_line_is_taken_apart_as_shells_do(string line, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(line)));

    [Fact]
    public async Task An_unknown_shell_is_bad_input()
    {
        var run = await CliRun.OfAsync(["completion", "bahs"]);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("Did you mean 'bash'?", run.Error, StringComparison.Ordinal);
    }

    // The real command in a real bash, asked as readline asks.
    [Theory]
    [InlineData("swim canc", "cancel")]
    [InlineData("swim get @la", "latest")]
    [InlineData("swim run --format=y", "yaml")]
    [InlineData("swim context ", "add use remove list current")]
    [InlineData("swim run /dev/nul", "")]
    public async Task Bash_completes_with_the_script_it_loads(string line, string expected)
    {
        // COMP_WORDS as bash fills them: it breaks words at the characters of COMP_WORDBREAKS too.
        const string Ask = """
            swim() { dotnet "$SWIM_DLL" "$@"; }
            source <(swim completion bash)
            complete -p swim >&2
            COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}
            spaced="${COMP_LINE//@/ @ }"; spaced="${spaced//=/ = }"
            read -ra COMP_WORDS <<<"$spaced"
            if [[ $COMP_LINE == *' ' ]]; then COMP_WORDS+=(""); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _swim_complete
            echo "${COMPREPLY[*]}"
            """;
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { "--norc", "-c", Ask, "bash", line } };
        start.Environment["SWIM_DLL"] = Path.Combine(AppContext.BaseDirectory, "swim.dll");
        using var bash = Process.Start(start)!;
        var (said, faults) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("complete -o bashdefault -o default -F _swim_complete swim", (await faults).TrimEnd());
        Assert.Equal(expected, (await said).TrimEnd());
    }
}
