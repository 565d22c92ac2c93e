using System.Text.RegularExpressions;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>What a node measures stands in docs/OPERATIONS.md, with what to do about it.</summary>
public sealed partial class MetricsTests
{
    private static readonly List<string> Rows = [.. Repository.Read("docs/OPERATIONS.md").Split('\n').Where(static line => Row().IsMatch(line))];

    [Fact]
    public void Every_metric_is_documented_and_no_other()
    {
        var made = Repository.Files("src/Swim.Node", ".cs").SelectMany(static file => Literal().Matches(Repository.Read(file))).Select(static found => found.Groups[1].Value).Order().ToList();
        Assert.True(made.Count > 40, "the metrics are found");
        Assert.Equal(made.Distinct(), made);
        Assert.Equal(made, Rows.Select(static row => Row().Match(row).Groups["name"].Value).Order());
    }

    [Fact]
    public void Names_say_the_kind_and_the_unit() => Assert.Equal([], Rows.Where(static row =>
    {
        var match = Row().Match(row);
        var (name, kind) = (match.Groups["name"].Value, match.Groups["kind"].Value);
        return kind == "counter" != name.EndsWith("_total", StringComparison.Ordinal) || (kind == "histogram" && !name.EndsWith("_seconds", StringComparison.Ordinal));
    }));

    [Fact]
    public void Every_row_says_what_it_means_and_what_to_do() =>
        Assert.Equal([], Rows.Where(static row => row.Split('|').Length != 6 || row.Split('|')[3..5].Any(static cell => cell.Trim().Length < 5)));

    [GeneratedRegex("\"((?:swim|process|dotnet)_[a-z_]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\| `(?<name>(?:swim|process|dotnet)_[a-z_]+)(?:\{[a-z,]+\})?` \| (?<kind>[a-z]+) \|")]
    private static partial Regex Row();
}
