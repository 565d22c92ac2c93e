using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>Code stays in pieces that can be read in one go.</summary>
public sealed class SizeTests
{
    private const int FileLinesMax = 400;
    private const int FunctionLinesMax = 70;
    private const int FunctionLinesMedianBelow = 10;

    [Fact]
    public void No_file_exceeds_400_lines() => Assert.Equal([],
        Repository.Files("src", ".cs").Concat(Repository.Files("tests", ".cs"))
            .Select(static file => (File: file, Lines: Repository.Read(file).Count(static unit => unit == '\n')))
            .Where(static file => file.Lines > FileLinesMax));

    [Fact]
    public void No_function_exceeds_70_lines() => Assert.Equal([], Repository.Functions().Where(static function => function.Lines > FunctionLinesMax));

    [Fact]
    public void The_median_function_has_less_than_10_lines()
    {
        var lines = Repository.Functions().Select(static function => function.Lines).Order().ToList();
        Assert.True(lines.Count > 500, "the functions are found");
        Assert.True(lines[lines.Count / 2] < FunctionLinesMedianBelow, $"the median function has {lines[lines.Count / 2]} lines");
    }
}
