using System.Text.RegularExpressions;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>Words that have no place in the project: folders without a job, work left undone, and paths of one machine.</summary>
public sealed partial class WordsTests
{
    private static readonly string[] TextFiles = [".cs", ".md", ".sh", ".proto", ".csproj", ".props", ".yaml", ".yml", ".json", ".py", ".txt"];

    [Fact]
    public void No_folder_or_file_is_named_after_nothing() => Assert.Equal([],
        Repository.Files("src").Where(static file => file.Split('/', '.').Any(static part => Jobless().IsMatch(part))));

    [Fact]
    public void Nothing_is_left_undone_in_words() => Assert.Equal([], Hits("src", Undone()).Concat(Hits("tests", Undone())).Concat(Hits("scripts", Undone())));

    [Fact]
    public void No_path_of_a_machine_is_written_down() => Assert.Equal([], Hits(".", MachinePath()));

    // This file names what it forbids.
    private static IEnumerable<string> Hits(string folder, Regex word) =>
        from file in Repository.Files(folder, TextFiles)
        where Path.GetFileName(file) != "WordsTests.cs"
        from line in Repository.Read(file).Split('\n')
        where word.IsMatch(line)
        select $"{file}: {line.Trim()}";

    [GeneratedRegex("^(Utils?|Utilities|Helpers?|Common|Misc|Manager|[A-Za-z]+(Manager|Helper|Utils))$")]
    private static partial Regex Jobless();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|TBD)\b|throw new NotImplementedException")]
    private static partial Regex Undone();

    [GeneratedRegex(@"(^|[\s""'(=])/(work|root|home)/")]
    private static partial Regex MachinePath();
}
