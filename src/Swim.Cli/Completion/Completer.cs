using System.CommandLine;
using System.CommandLine.Completions;

namespace Swim.Cli.Completion;

/// <summary>A word that may come next.</summary>
/// <param name="Word">What stands in the place of the unfinished word.</param>
/// <param name="Description">One line for people; may be empty.</param>
public readonly record struct Reply(string Word, string Description);

/// <summary>Finds what may come next on a command line: commands, options, and the values that an argument or option names.</summary>
public static class Completer
{
    /// <summary>What may stand in the place of the last of <paramref name="words"/>, the first of which is the command's own name; nothing where any text may.</summary>
    public static IEnumerable<Reply> Complete(RootCommand root, IReadOnlyList<string> words)
    {
        var place = new Place(root);
        foreach (var word in words.Skip(1).SkipLast(1)) place.Pass(word);
        return place.Next(words.Count > 1 ? words[^1] : "").DistinctBy(static reply => reply.Word);
    }

    private sealed class Place(Command root)
    {
        private readonly List<Command> _path = [root];
        private Option? _awaiting;
        private int _arguments;
        private bool _isAfterDashes;

        private Command Current => _path[^1];

        // Those of the command itself and those that the ones above it hand down.
        private IEnumerable<Option> Options => Current.Options
            .Concat(_path.SkipLast(1).SelectMany(static command => command.Options.Where(static option => option.Recursive)))
            .Where(static option => !option.Hidden);

        public void Pass(string word)
        {
            if (_awaiting is not null) _awaiting = null;
            else if (!_isAfterDashes && word == "--") _isAfterDashes = true;
            else if (!_isAfterDashes && word.StartsWith('-')) _awaiting = Options.FirstOrDefault(option => Names(option).Contains(word) && TakesValue(option));
            else if (_arguments == 0 && Current.Subcommands.FirstOrDefault(command => command.Name == word) is { } command) _path.Add(command);
            else _arguments++;
        }

        public IEnumerable<Reply> Next(string word)
        {
            if (_awaiting is { } option) return Values(option, "", word);
            if (!_isAfterDashes && word.StartsWith('-')) return word.Contains('=', StringComparison.Ordinal) ? ValuesAfterEquals(word) : OptionNames(word);
            return CommandNames(word).Concat(ArgumentHere() is { } argument ? Values(argument, "", word) : []);
        }

        // The last argument takes all that follow where it may stand several times.
        private Argument? ArgumentHere() => _arguments < Current.Arguments.Count
            ? Current.Arguments[_arguments]
            : Current.Arguments.LastOrDefault(static argument => argument.Arity.MaximumNumberOfValues > 1);

        private IEnumerable<Reply> OptionNames(string word) => Options
            .SelectMany(static option => Names(option).Select(name => new Reply(name, Line(option.Description))))
            .Where(reply => reply.Word.StartsWith(word, StringComparison.Ordinal))
            .OrderBy(static reply => reply.Word, StringComparer.Ordinal);

        private IEnumerable<Reply> CommandNames(string word) => _arguments > 0 ? [] : Current.Subcommands
            .Where(command => !command.Hidden && command.Name.StartsWith(word, StringComparison.Ordinal))
            .Select(static command => new Reply(command.Name, Line(command.Description)));

        private IEnumerable<Reply> ValuesAfterEquals(string word)
        {
            var name = word[..word.IndexOf('=', StringComparison.Ordinal)];
            return Options.FirstOrDefault(option => Names(option).Contains(name)) is { } option ? Values(option, name + "=", word[(name.Length + 1)..]) : [];
        }

        private static IEnumerable<Reply> Values(Symbol symbol, string before, string word) => symbol.GetCompletions(CompletionContext.Empty)
            .Where(item => item.Label.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(item => new Reply(before + item.Label, Line(item.Detail)));

        private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;

        private static IEnumerable<string> Names(Option option) => option.Aliases.Append(option.Name).Where(static name => name.StartsWith('-'));

        private static string Line(string? text) => (text ?? "").ReplaceLineEndings(" ").Replace('\t', ' ');
    }
}
