using System.Runtime.Versioning;
using Swim.Node.Configuration;
using Swim.Node.Transport.Sealing;
using Xunit;

namespace Swim.Node.Tests.Transport.Sealing;

[UnsupportedOSPlatform("windows")]
public sealed class KeysFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("swim-keys-");

    private string Path => System.IO.Path.Combine(_directory.FullName, "keys");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Keys_are_read_in_their_order_without_comments_and_empty_lines()
    {
        Write($"# of May\n\n{SealSamples.Line(3)}\n  {SealSamples.Line(1)}  \r\n");
        Assert.Equal([SealSamples.Key(3), SealSamples.Key(1)], KeysFile.TryRead(Path, [])!.Keys);
    }

    [Theory]
    [InlineData("AAAA", "line 1 has 3 bytes: a key is 32 random bytes in base64.")]
    [InlineData("# nothing", "holds no key")]
    [InlineData("?", "line 1 is no base64")]
    [InlineData("1\n1", "line 2 holds a key that stands there before")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9", "line 9 is one too many")]
    public void A_file_that_is_wrong_says_where_and_shows_nothing_of_what_is_in_it(string content, string fault)
    {
        var numbers = SealSamples.Fitting(9);
        Write(string.Join('\n', content.Split('\n').Select(line => line is [>= '1' and <= '9'] ? SealSamples.Line(numbers[line[0] - '1']) : line)));
        List<string> faults = [];
        Assert.Null(KeysFile.TryRead(Path, faults));
        Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain(SealSamples.Line(numbers[0]), faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_file_that_others_may_read_or_write_is_refused_before_the_node_starts(UnixFileMode more)
    {
        Write(SealSamples.Line(1));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | more);
        var fault = Assert.Single(new NodeOptions { KeysFile = Path }.Validate());
        Assert.StartsWith($"--keys-file '{Path}' can be read or written by others", fault, StringComparison.Ordinal);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Empty(new NodeOptions { KeysFile = Path }.Validate());
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_a_directory_is_a_fault()
    {
        Assert.Contains("cannot be read", Assert.Single(new NodeOptions { KeysFile = Path }.Validate()), StringComparison.Ordinal);
        Assert.Single(new NodeOptions { KeysFile = _directory.FullName }.Validate());
        Assert.Single(new NodeOptions { KeysFile = "" }.Validate());
    }

    [Fact]
    public void What_is_written_is_read_again_by_its_owner_only_and_a_link_stays_one()
    {
        var target = System.IO.Path.Combine(_directory.FullName, "target");
        File.WriteAllText(target, "");
        File.CreateSymbolicLink(Path, target);
        KeysFile.Write(Path, SealSamples.Ring(2, 1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.NotNull(new FileInfo(Path).LinkTarget);
        Assert.Equal(SealSamples.Ring(2, 1).Keys, KeysFile.TryRead(Path, [])!.Keys);
        Assert.Equal(2, _directory.GetFiles().Length);
    }

    private void Write(string content)
    {
        File.WriteAllText(Path, content);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
