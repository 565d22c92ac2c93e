using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using Swim.Cli;
using Xunit;

namespace Swim.Client.Tests.Cli;

/// <summary>docs/CLI.md and the command tell the same. The options of a node stand in docs/OPERATIONS.md, to which its section leads.</summary>
public sealed partial class CommandDocsTests
{
    private const string Everywhere = "Options of every command";
    private static readonly string[] RootOnly = ["--version"];

    private readonly Dictionary<string, string> _sections = Sections();

    [Fact]
    public void Every_command_has_a_section_with_each_of_its_options()
    {
        var leaves = Leaves(Root(), "swim").ToList();
        Assert.Contains(leaves, leaf => leaf.Path == "swim list");
        var missing = from leaf in leaves
                      let section = _sections.GetValueOrDefault(leaf.Path)
                      from wanted in section is null ? [leaf.Path] : Options(leaf.Command).Where(option => !Named(section).Contains(option)).Select(option => $"{leaf.Path} {option}")
                      select wanted;
        Assert.Equal([], missing);
    }

    [Fact]
    public void Every_option_of_all_commands_is_in_their_table() =>
        Assert.Equal([], Root().Options.SelectMany(Names).Where(option => !Named(_sections[Everywhere]).Contains(option)));

    [Fact]
    public void No_command_and_no_option_is_documented_that_is_not_there()
    {
        var commands = Leaves(Root(), "swim").ToDictionary(leaf => leaf.Path, leaf => leaf.Command);
        var all = Root().Options.SelectMany(Names).Concat(RootOnly).ToHashSet();
        var invented = from section in _sections
                       where section.Key.StartsWith("swim ", StringComparison.Ordinal)
                       from word in commands.TryGetValue(section.Key, out var command)
                           ? Named(section.Value).Where(option => !all.Contains(option) && !Options(command).Contains(option))
                           : ["no such command"]
                       select $"{section.Key}: {word}";
        Assert.Equal([], invented);
    }

    [Fact]
    public void Every_exit_code_is_in_its_table() => Assert.Equal([],
        typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => !_sections["Exit codes"].Contains($"\n| {field.GetRawConstantValue()} |", StringComparison.Ordinal))
            .Select(field => field.Name));

    private static RootCommand Root() => CommandLine.Root(new Terminal(() => Stream.Null, TextWriter.Null, TextWriter.Null, static _ => null));

    // The commands that do something, with the words one types for them.
    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Where(static sub => !sub.Hidden).SelectMany(sub => sub.Subcommands.Count == 0 ? [($"{path} {sub.Name}", sub)] : Leaves(sub, $"{path} {sub.Name}"));

    private static IEnumerable<string> Options(Command command) => command.Options.Where(static option => option.Name != "--help").SelectMany(Names);

    private static IEnumerable<string> Names(Option option) => option.Aliases.Append(option.Name).Where(static name => !name.StartsWith('/')).Distinct();

    private static HashSet<string> Named(string section) => [.. OptionName().Matches(section).Select(static found => found.Groups[1].Value)];

    // A heading "### swim list [ID]" is the section "swim list".
    private static Dictionary<string, string> Sections()
    {
        var node = Sections("OPERATIONS.md")["Running a node"];
        return Sections("CLI.md").ToDictionary(
            static section => section.Key,
            section => section.Value.Contains("(OPERATIONS.md#running-a-node)", StringComparison.Ordinal) ? section.Value + node : section.Value);
    }

    private static Dictionary<string, string> Sections(string file) =>
        Heading().Split(File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", file))).Skip(1).Chunk(2)
            .ToDictionary(static part => TitleOf(part[0]), static part => "\n" + part[1]);

    private static string TitleOf(string heading) => heading.StartsWith("swim ", StringComparison.Ordinal)
        ? string.Join(' ', heading.Split(' ').TakeWhile(static word => word.All(static c => char.IsAsciiLetterLower(c) || c == '-')))
        : heading;

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Swim.Orchestrator.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"^##+ (.+)$\n", RegexOptions.Multiline)]
    private static partial Regex Heading();

    // In backticks, alone or with its value: `--key KEY`.
    [GeneratedRegex(@"`(--?[a-z?][a-z-]*)[ `]")]
    private static partial Regex OptionName();
}
