using System.Text.RegularExpressions;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>Each invariant of docs/INVARIANTS.md names what shows it, and what it names is there; each checker of the simulator has its row.</summary>
public sealed partial class InvariantsTests
{
    private static readonly List<Match> Rows = [.. Repository.Read("docs/INVARIANTS.md").Split('\n').Select(static line => Row().Match(line)).Where(static match => match.Success)];

    private static readonly SortedSet<string> Checkers =
        [.. Repository.Files("src/Swim.Simulation/Checkers", ".cs").SelectMany(static file => CheckerName().Matches(Repository.Read(file))).Select(static found => found.Groups[1].Value)];

    private static readonly Dictionary<string, string> TestFiles = Repository.Files("tests", ".cs")
        .GroupBy(static file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal)
        .ToDictionary(static same => same.Key, static same => string.Concat(same.Select(Repository.Read)), StringComparer.Ordinal);

    [Fact]
    public void Each_invariant_stands_there_once_and_says_what_shows_it()
    {
        Assert.True(Rows.Count > 50, "the rows are found");
        Assert.Equal(Rows.Select(static row => row.Groups["name"].Value).Distinct(), Rows.Select(static row => row.Groups["name"].Value));
        Assert.Equal([], Rows.Where(static row => row.Groups["says"].Value.Trim().Length < 10 || !Proof().IsMatch(row.Groups["by"].Value)).Select(static row => row.Groups["name"].Value));
    }

    [Fact]
    public void What_it_names_is_there() => Assert.Equal([],
        Rows.SelectMany(static row => Proof().Matches(row.Groups["by"].Value)).Select(static proof => proof.Groups[1].Value).Where(static proof => !IsThere(proof)));

    [Fact]
    public void Each_checker_has_its_row_which_names_it() => Assert.Equal([],
        Checkers.Where(static checker => !Rows.Any(row => row.Groups["name"].Value == checker && row.Groups["by"].Value.Contains($"`checker {checker}`", StringComparison.Ordinal))));

    private static bool IsThere(string proof)
    {
        if (proof.StartsWith("checker ", StringComparison.Ordinal)) return Checkers.Contains(proof["checker ".Length..]);
        var parts = proof.Split('.');
        return TestFiles.TryGetValue(parts[0], out var text) && text.Contains($"class {parts[0]}", StringComparison.Ordinal)
            && (parts.Length == 1 || text.Contains($" {parts[1]}(", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Za-z]+)` \| (?<says>[^|]+) \| (?<by>[^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Proof();

    [GeneratedRegex("string Name => \"([A-Za-z]+)\";")]
    private static partial Regex CheckerName();
}
