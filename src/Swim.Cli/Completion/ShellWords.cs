using System.Text;

namespace Swim.Cli.Completion;

/// <summary>Takes a command line apart as shells do, as far as completion needs it: white space, both quotes, the backslash.</summary>
public static class ShellWords
{
    /// <summary>The words; the last one is where the cursor is, empty after white space, and may lack its closing quote.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isInWord, quote) = (false, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'' && i + 1 < line.Length) word.Append(line[++i]);
            else if (c == quote) quote = '\0';
            else if (quote == '\0' && c is '"' or '\'') quote = c;
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isInWord) words.Add(word.ToString());
                word.Clear();
                isInWord = false;
                continue;
            }
            else word.Append(c);

            isInWord = true;
        }

        words.Add(word.ToString());
        return words;
    }
}
