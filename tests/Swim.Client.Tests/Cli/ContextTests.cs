using System.Text.Json;
using Swim.Client.Tests.Fakes;
using Xunit;

namespace Swim.Client.Tests.Cli;

public sealed class ContextTests : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("swim-context-");
    private readonly Dictionary<string, string> _environment = [];
    private FakeNode _node = null!;

    private string Server => _node.Address.ToString();

    private string ContextsFile => Path.Combine(_home.FullName, "swim", "contexts.json");

    public async Task InitializeAsync()
    {
        _node = await FakeNode.StartAsync();
        _environment["XDG_CONFIG_HOME"] = _home.FullName;
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    [Fact]
    public async Task A_context_in_use_says_whom_to_ask()
    {
        Assert.Equal($"added here: {Server}, 127.0.0.1:1{Environment.NewLine}", (await OkAsync("context", "add", "here", Server, "127.0.0.1:1")).Out);
        await OkAsync("context", "add", "gone", "127.0.0.1:1");
        await OkAsync("context", "use", "here");
        await OkAsync("status");
        Assert.Equal(3, (await RunAsync("status", "--context", "gone")).ExitCode);
        var list = await OkAsync("context", "list");
        Assert.Matches(@"(?m)^gone    127\.0\.0\.1:1\r?$", list.Out);
        Assert.Matches(@"(?m)^here \*  127\.0\.0\.1:\d+, 127\.0\.0\.1:1\r?$", list.Out);
        Assert.Equal("here" + Environment.NewLine, (await OkAsync("context", "current")).Out);
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_context_in_use()
    {
        await OkAsync("context", "add", "here", Server);
        await OkAsync("context", "add", "gone", "127.0.0.1:1");
        await OkAsync("context", "use", "gone");
        Assert.Equal(3, (await RunAsync("status")).ExitCode);
        _environment["SWIM_CONTEXT"] = "here";
        await OkAsync("status");
        _environment["SWIM_SERVER"] = "127.0.0.1:1";
        Assert.Equal(3, (await RunAsync("status")).ExitCode);
        await OkAsync("status", "--context", "here");
        await OkAsync("status", "-s", Server);
        Assert.Equal(2, (await RunAsync("status", "-s", Server, "--context", "here")).ExitCode);
        Assert.Contains("SWIM_SERVER is set", (await OkAsync("context", "current")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_context_is_in_use_no_longer()
    {
        await OkAsync("context", "add", "here", Server);
        await OkAsync("context", "use", "here");
        Assert.Equal($"changed here: 127.0.0.1:1{Environment.NewLine}", (await OkAsync("context", "add", "here", "127.0.0.1:1")).Out);
        Assert.Equal("here" + Environment.NewLine, (await OkAsync("context", "current")).Out);
        await OkAsync("context", "remove", "here");
        Assert.Equal(2, (await RunAsync("context", "current")).ExitCode);
        using var json = JsonDocument.Parse((await OkAsync("context", "list", "-o", "json")).Out);
        Assert.Equal("""{"current":null,"contexts":[]}""", json.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("Did you mean 'staging'?", "status", "--context", "stagign")]
    [InlineData("Did you mean 'staging'?", "context", "use", "stagign")]
    [InlineData("no context 'x'", "context", "remove", "x")]
    [InlineData("'a:b' is no address", "context", "add", "x", "a:b")]
    [InlineData("cannot be the name", "context", "add", "a b", "host")]
    [InlineData("cannot be the name", "context", "add", "../x", "host")]
    public async Task What_is_wrong_is_said_and_changes_nothing(string says, params string[] args)
    {
        await OkAsync("context", "add", "staging", "staging.example.org");
        var before = await File.ReadAllTextAsync(ContextsFile);
        var run = await RunAsync(args);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(ContextsFile));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"contexts": 7}""")]
    [InlineData("""{"contexts": {"a": {"servers": []}}}""")]
    [InlineData("""{"contexts": {"a": {"servers": ["a:b:c"]}}}""")]
    [InlineData("""{"contexts": {"a": {"servers": [7]}}}""")]
    [InlineData("""{"current": 7}""")]
    [InlineData("""{"current": "a", "current": "b"}""")]
    public async Task A_damaged_file_is_named_and_hinders_only_who_needs_it(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ContextsFile)!);
        await File.WriteAllTextAsync(ContextsFile, text);
        var run = await RunAsync("status");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(ContextsFile, run.Error, StringComparison.Ordinal);
        await OkAsync("status", "-s", Server);
        Assert.Equal(2, (await RunAsync("context", "add", "x", "host")).ExitCode);
        Assert.Equal(text, await File.ReadAllTextAsync(ContextsFile));
        await OkAsync("complete", "swim context use ");
    }

    [Fact]
    public async Task What_another_version_wrote_is_kept_and_a_link_stays_a_link()
    {
        var elsewhere = Path.Combine(_home.FullName, "elsewhere.json");
        await File.WriteAllTextAsync(elsewhere, """{"theme": "dark", "contexts": {"a": {"servers": ["h"], "namespace": "n"}}}""");
        Directory.CreateDirectory(Path.GetDirectoryName(ContextsFile)!);
        File.CreateSymbolicLink(ContextsFile, elsewhere);
        await OkAsync("context", "add", "a", "i");
        await OkAsync("context", "add", "b", "j");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(elsewhere));
        Assert.Equal("dark", json.RootElement.GetProperty("theme").GetString());
        Assert.Equal("n", json.RootElement.GetProperty("contexts").GetProperty("a").GetProperty("namespace").GetString());
        Assert.Equal("i:7400", json.RootElement.GetProperty("contexts").GetProperty("a").GetProperty("servers")[0].GetString());
        Assert.NotNull(new FileInfo(ContextsFile).LinkTarget);
        Assert.Equal(2, _home.GetFileSystemInfos("*", SearchOption.TopDirectoryOnly).Length);
    }

    [Fact]
    public async Task Without_XDG_CONFIG_HOME_the_file_is_below_the_home_folder()
    {
        _environment["HOME"] = _home.FullName;
        _environment["XDG_CONFIG_HOME"] = "relative/is/ignored";
        await OkAsync("context", "add", "a", "h");
        Assert.True(File.Exists(Path.Combine(_home.FullName, ".config", "swim", "contexts.json")));
        _environment.Clear();
        Assert.Equal(2, (await RunAsync("context", "add", "a", "h")).ExitCode);
        Assert.Equal(0, (await RunAsync("status", "-s", Server)).ExitCode);
    }

    [Fact]
    public async Task Names_are_completed()
    {
        await OkAsync("context", "add", "prod", "h");
        foreach (var line in new[] { "swim context use p", "swim --context p" })
            Assert.StartsWith("prod\t", (await OkAsync("complete", line)).Out, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.InAsync(name => _environment.GetValueOrDefault(name), args);

    private async Task<CliRun> OkAsync(params string[] args)
    {
        var run = await RunAsync(args);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', args)}: {run.Error}");
        return run;
    }
}
