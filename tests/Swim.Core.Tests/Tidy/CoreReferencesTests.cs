using System.Xml.Linq;
using Swim.Core.Primitives;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>Core is built on two packages and knows none of its hosts.</summary>
public sealed class CoreReferencesTests
{
    [Fact]
    public void Core_references_only_MessagePack_and_System_IO_Hashing_beside_the_runtime() => Assert.Equal(
        ["MessagePack", "System.IO.Hashing"],
        typeof(NodeId).Assembly.GetReferencedAssemblies().Select(static name => name.Name!)
            .Where(static name => !File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll")))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Core_references_no_other_project() => Assert.Equal([], Project().Descendants("ProjectReference"));

    [Fact]
    public void The_banned_list_is_given_to_the_compiler()
    {
        Assert.Contains(Project().Descendants("AdditionalFiles"), static file => (string?)file.Attribute("Include") == "BannedSymbols.txt");
        Assert.Contains(Project().Descendants("PackageReference"), static package => (string?)package.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        Assert.DoesNotContain("RS0030", Repository.Read(".editorconfig") + Repository.Read("Directory.Build.props") + Project(), StringComparison.Ordinal);
        Assert.Equal([], Repository.Files("src/Swim.Core", ".cs").Where(static file => Repository.Read(file).Contains("RS0030", StringComparison.Ordinal)));
    }

    private static XDocument Project() => XDocument.Parse(Repository.Read("src/Swim.Core/Swim.Core.csproj"));
}
