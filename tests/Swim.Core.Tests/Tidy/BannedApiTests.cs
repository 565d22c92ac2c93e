using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Swim.Core.Tests.Tidy;

/// <summary>A clock, a thread or a random source in Core does not compile. Shown with Core's own list, since without one the analyzer is silent.</summary>
public sealed class BannedApiTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
        [.. Assembly.LoadFrom(Repository.Fact("BannedApiAnalyzers")).GetExportedTypes()
            .Where(static type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    [Theory]
    [InlineData("_ = System.DateTime.UtcNow;")]
    [InlineData("_ = System.DateTimeOffset.Now;")]
    [InlineData("_ = System.Diagnostics.Stopwatch.GetTimestamp();")]
    [InlineData("_ = System.TimeProvider.System;")]
    [InlineData("_ = System.Random.Shared;")]
    [InlineData("_ = System.Guid.NewGuid();")]
    [InlineData("_ = System.Environment.TickCount64;")]
    [InlineData("new System.Threading.Thread(() => { }).Start();")]
    [InlineData("lock (new object()) { System.Threading.Monitor.Pulse(new object()); }")]
    [InlineData("_ = System.Threading.Tasks.Task.CompletedTask;")]
    [InlineData("_ = System.IO.File.Exists(\"x\");")]
    [InlineData("System.Console.WriteLine();")]
    [InlineData("_ = System.HashCode.Combine(1, 2);")]
    [InlineData("_ = \"x\".GetHashCode();")]
    public async Task A_banned_call_is_an_error(string statement) => Assert.Contains(await FindingsAsync(statement), static finding => finding.Id == "RS0030");

    [Fact]
    public async Task What_is_not_banned_passes() => Assert.Empty(await FindingsAsync("_ = System.Math.Max(1, 2);"));

    [Fact]
    public void Every_entry_of_the_list_names_something_that_exists()
    {
        var known = Compile("");
        var missing = Repository.Read("src/Swim.Core/BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(';')[0])
            .Where(id => DocumentationCommentId.GetSymbolsForDeclarationId(id, known).IsEmpty);
        Assert.Empty(missing);
    }

    private static async Task<IEnumerable<Diagnostic>> FindingsAsync(string statement)
    {
        var compilation = Compile($"class Sample {{ void Run() {{ {statement} }} }}");
        Assert.Empty(compilation.GetDiagnostics().Where(static found => found.Severity == DiagnosticSeverity.Error));
        var options = new AnalyzerOptions([new BannedList()]);
        return await compilation.WithAnalyzers(Analyzers, options).GetAnalyzerDiagnosticsAsync();
    }

    private static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Sample",
        [CSharpSyntaxTree.ParseText(source)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static file => MetadataReference.CreateFromFile(file)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private sealed class BannedList : AdditionalText
    {
        public override string Path => "BannedSymbols.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(Repository.Read("src/Swim.Core/BannedSymbols.txt"));
    }
}
