using System.Text.RegularExpressions;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>What an operator can set stands in docs/OPERATIONS.md.</summary>
public sealed partial class DocumentedTests
{
    [Fact]
    public void Every_setting_of_a_node_is_documented_with_its_variable()
    {
        var operations = Repository.Read("docs/OPERATIONS.md").Split('\n');
        var settings = Setting().Matches(Repository.Read("src/Swim.Node/Configuration/NodeSettings.cs")).Select(static found => found.Groups["name"].Value).ToList();
        Assert.Contains("data", settings);
        Assert.Contains("log-level", settings);
        Assert.Equal([], settings.Where(name => !operations.Any(line =>
            Regex.IsMatch(line, $"^\\| `--{name}[ `]") && line.Contains($"`SWIM_{name.Replace('-', '_').ToUpperInvariant()}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_event_of_the_log_is_documented_and_no_other()
    {
        var said = Repository.Files("src/Swim.Node", ".cs").SelectMany(static file => Event().Matches(Repository.Read(file))).Select(static found => found.Groups["number"].Value).Order().ToList();
        Assert.Equal(said.Distinct(), said);
        Assert.True(said.Count > 15, "the events are found");
        var told = EventRow().Matches(Repository.Read("docs/OPERATIONS.md")).SelectMany(static row => row.Groups["numbers"].Value.Split(", ")).Order();
        Assert.Equal(said, told);
    }

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(?<number>\d+)")]
    private static partial Regex Event();

    [GeneratedRegex(@"^\| (?<numbers>1\d{3}(?:, 1\d{3})*) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    // Each is a line of the one table: Text("name", …), Integer(…), Flag(…) or new("name", …).
    [GeneratedRegex(@"^\s+(?:[A-Z]\w*|new)\(""(?<name>[a-z][a-z-]*)"", ", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
