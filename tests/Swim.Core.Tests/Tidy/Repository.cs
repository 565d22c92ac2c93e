using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Swim.Core.Tests.Tidy;

/// <summary>The files of this checkout, as the Tidy tests look at them.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["bin", "obj", ".git", ".standins", "artifacts", "node_modules"];

    public static string Root { get; } = Path.GetFullPath(Fact("RepositoryRoot"));

    /// <summary>What the project file told this assembly.</summary>
    public static string Fact(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(fact => fact.Key == key).Value!;

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Paths from the root, in order, of all files below <paramref name="folder"/> that end so.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(Skipped.Contains))
            .Where(file => endings.Length == 0 || endings.Any(file.EndsWith))
            .Order(StringComparer.Ordinal);

    /// <summary>Every function of the product with the lines it takes.</summary>
    public static IEnumerable<(string Name, int Lines)> Functions() =>
        from file in Files("src", ".cs")
        from node in CSharpSyntaxTree.ParseText(Read(file)).GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
        let span = node.GetLocation().GetLineSpan()
        select ($"{file}:{span.StartLinePosition.Line + 1}", span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
}
